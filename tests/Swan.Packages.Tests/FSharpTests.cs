namespace Swan.Packages.Tests;

/// <summary>The programs of the guide to F#, over the packages.</summary>
public sealed class FSharpTests(PackedRepository packed) : IDisposable
{
    private static readonly string[] s_packages = ["Swan.MLNet", "Swan.Batch", "Swan.Geo", "Swan.VectorData", "Swan.Training"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_block_of_the_guide_compiles_and_the_first_program_searches()
    {
        string[] blocks = PackedRepository.BlocksOf(
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "guide", "fsharp.md")), "fsharp");
        var consumer = new Consumer(_folder.FullName, packed);
        // Blocks are modules, and the program comes last, as F# has it.
        string[] modules = [.. Enumerable.Range(1, blocks.Length - 1).Select(i => $"Block{i}")];
        foreach ((string module, string block) in modules.Zip(blocks[1..])) consumer.Write($"{module}.fs", $"module {module}\n\n{block}");
        consumer.Write("Program.fs", blocks[0]);
        (string, string)[] others =
        [
            ("Microsoft.ML.OnnxRuntime", packed.Dependencies("Swan.MLNet")["Microsoft.ML.OnnxRuntime.Managed"]),
            ("TorchSharp-cpu", packed.Dependencies("Swan.Training")["TorchSharp"]),
        ];
        consumer.WriteProject("consumer.fsproj", [.. modules.Select(module => $"{module}.fs"), "Program.fs"],
            [.. s_packages.Select(name => (name, packed.Version)), .. others]);
        string images = Directory.CreateDirectory(_folder.File("quickstart-out/scenes/images")).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(images, $"roundabout_{i}.png", seed: i);

        consumer.Build();

        string[] lines = consumer.Run().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^-?\d\.\d\d  quickstart-out/scenes/images/roundabout_\d\.png$", line));
    }
}
