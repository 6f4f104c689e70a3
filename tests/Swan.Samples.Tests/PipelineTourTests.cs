using System.Text.RegularExpressions;

namespace Swan.Samples.Tests;

public sealed partial class PipelineTourTests : IDisposable
{
    private static readonly string[] Scenes = ["planes", "river", "stadium"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_tour_goes_past_every_stop_and_each_has_something_to_show()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 12; i++) TinyImages.Write(images, $"{Scenes[i % Scenes.Length]}_{i}.png", seed: i);
        Directory.CreateSymbolicLink(Path.Combine(images, "self"), images); // in circles
        (int code, string output, string errors) = Run("--model", TinyModel.Write(_folder.FullName), "--images", images);

        Assert.True(code == 0, errors);
        Assert.Contains($"embeddings of {TinyModel.EmbeddingSize} values", output, StringComparison.Ordinal);
        string[] stops = Headline().Split(output)[1..];
        string[] sources = Directory.GetFiles(Path.Combine(Source(), "Examples"), "*.cs");
        Assert.Equal(sources.Length, stops.Length);
        Assert.All(stops, stop => Assert.Matches(@"(?m)^  \S", stop));

        Assert.Contains($"Vector<Single, {TinyModel.EmbeddingSize}>", stops[0], StringComparison.Ordinal);
        Assert.Equal(3, stops[1].Split("cosine to the embedding of the file: 1.0000").Length - 1);
        Assert.Matches(@"by example: planes_0\.png\s+1\.00  planes_0\.png", stops[3]);
        Assert.Contains("12 images, 12 captions", stops[5], StringComparison.Ordinal);
        Assert.Matches(@"right for \d+ of 12 images, 3 classes", stops[6]);
        Assert.Contains("1 of 3 rows left", stops[7], StringComparison.Ordinal);
        Assert.Contains("planes_3.png: planes_3.png 1.00", stops[8], StringComparison.Ordinal);
        Assert.Contains("LoadPipeline: the same embeddings\n", stops[9], StringComparison.Ordinal);
        Assert.Contains("images of 20×14: lowest cosine to Swan's own embeddings 1.00000", stops[10], StringComparison.Ordinal);
        Match hosted = Hosted().Match(stops[13]);
        Assert.Equal(hosted.Groups["generator"].Value, hosted.Groups["pool"].Value);
    }

    [Fact]
    public void The_tour_without_a_model_says_how_to_get_one()
    {
        (int code, string output, string errors) = Run("--model", _folder.File("quickstart.swan"));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("dotnet run -c Release --project samples/QuickStart -- --train", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_stop_shows_what_it_printed() =>
        Assert.All(Directory.GetFiles(Path.Combine(Source(), "Examples"), "*.cs"),
            file => Assert.Matches(@"(?s)\n// It printed:\n(//  [^\n]+\n)+$", File.ReadAllText(file)));

    private (int Code, string Output, string Errors) Run(params string[] arguments) =>
        ChildProcess.Finish("dotnet",
            [Path.Combine(Built(), "PipelineTour.dll"), .. arguments, "--out", _folder.File("out")]);

    private static string Built() => Repository.Output(Path.Combine("samples", "PipelineTour"));

    private static string Source() => Path.Combine(Repository.Root, "samples", "PipelineTour");

    [GeneratedRegex(@"(?m)^\d+  \S.*\n")]
    private static partial Regex Headline();

    [GeneratedRegex(@"generator: (?<generator>\S+) …; pool, version 1: (?<pool>\S+) …")]
    private static partial Regex Hosted();
}
