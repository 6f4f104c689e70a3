namespace Swan.MLNet.Tests.DataViews;

public sealed class ClosureTests
{
    [Fact]
    public void Serving_needs_neither_TorchSharp_nor_anything_of_training()
    {
        string output = LoadOnlyProcess.Folder("Swan.LoadOnly");
        string closure = File.ReadAllText(Path.Combine(output, "Swan.LoadOnly.deps.json"));
        Assert.Contains("Swan.MLNet", closure, StringComparison.Ordinal);
        Assert.DoesNotContain("torch", closure, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Swan.Training", closure, StringComparison.Ordinal);
    }
}
