namespace Swan.Benchmarks.Commands;

/// <summary>A row of the pool's pipeline.</summary>
internal sealed class StartRow
{
    public string Text { get; set; } = "";
}
