using Swan.MLNet.Models;

namespace Swan.Batch.Tests;

/// <summary>Runs Swan.WithoutReflection: a program in which JSON by reflection throws.</summary>
public sealed class WithoutReflectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_that_reads_or_writes_JSON_works_without_reflection()
    {
        Directory.CreateDirectory(_folder.File("images"));
        for (int i = 0; i < 2; i++) TinyImages.Write(_folder.File("images"), i == 0 ? "a.png" : "b.png", seed: i);
        const string Project = "Swan.WithoutReflection";
        string program = Path.Combine(Repository.Output(Path.Combine("tests", Project)), $"{Project}.dll");
        string[] lines = LoadOnlyProcess.Start(new Dictionary<string, string>(), "dotnet", program, _folder.FullName)
            .Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "reflection False", $"model {SwanModel.Default.Card.Identity}", "card True", "index 2", "lines a beach", "rsicd a river",
                "pipeline a b True", "batch 3 1 3",
            ],
            lines.Where(l => !l.StartsWith("caption ", StringComparison.Ordinal)));
    }
}
