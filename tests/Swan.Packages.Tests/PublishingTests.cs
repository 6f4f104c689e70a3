using Swan.MLNet.Models;

namespace Swan.Packages.Tests;

/// <summary>
/// The program of tests/Swan.WithoutReflection over the packages, as users publish it: its lines say that every part worked.
/// </summary>
public sealed class PublishingTests(PackedRepository packed) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Program => File.ReadAllText(Path.Combine(Repository.Root, "tests", "Swan.WithoutReflection", "Program.cs"));

    private static string[] Everywhere =>
        [$"model {SwanModel.Default.Card.Identity}", "card True", "index 2", "lines a beach", "rsicd a river"];

    private static string[] WithPipelines => [.. Everywhere, "pipeline a b True", "batch 3 1 3"];

    private string OnnxRuntime => packed.Dependencies("Swan.MLNet")["Microsoft.ML.OnnxRuntime.Managed"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_trimmed_program_in_a_single_file_embeds_searches_labels_and_saves()
    {
        Consumer consumer = Project();
        // ML.NET is not made for trimming and is kept whole; its warnings are not Swan's.
        consumer.Publish(
            "out", "PublishTrimmed=true", "TrimMode=partial", "PublishSingleFile=true", "SelfContained=true", "UseAppHost=true",
            "TreatWarningsAsErrors=false", "SuppressTrimAnalysisWarnings=true");
        Check(consumer.RunPublished("out/consumer", Images()), WithPipelines);
    }

    [Fact]
    public void A_file_based_app_embeds_and_searches_and_runs_pipelines_though_ML_NET_generates_code()
    {
        var consumer = new Consumer(_folder.FullName, packed);
        consumer.Write("app.cs", Directives + Program);
        Check(consumer.RunFile("app.cs", Images()), WithPipelines);
    }

    private string Directives => $"""
        #:package Swan.MLNet@{packed.Version}
        #:package Swan.Batch@{packed.Version}
        #:package Microsoft.ML.OnnxRuntime@{OnnxRuntime}
        #:property NuGetAudit=false

        """;

    private Consumer Project()
    {
        var consumer = new Consumer(
            _folder.FullName, packed, ("Swan.MLNet", packed.Version), ("Swan.Batch", packed.Version),
            ("Microsoft.ML.OnnxRuntime", OnnxRuntime));
        consumer.Write("Program.cs", Program);
        return consumer;
    }

    private string Images()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 2; i++) TinyImages.Write(images, i == 0 ? "a.png" : "b.png", seed: i);
        return _folder.FullName;
    }

    private static void Check(string output, string[] expected)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["reflection False", .. expected], lines.Where(l => !l.StartsWith("caption ", StringComparison.Ordinal)));
        int[] bits = [.. lines.Single(l => l.StartsWith("caption ", StringComparison.Ordinal))[8..].Split(' ').Select(int.Parse)];
        float[] found = [.. bits.Select(BitConverter.Int32BitsToSingle)];
        Assert.All(SwanModel.Default.EmbedCaption("a beach").Zip(found), p => Assert.Equal(p.First, p.Second, tolerance: 1e-5f));
    }
}
