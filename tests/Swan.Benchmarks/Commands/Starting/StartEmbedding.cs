namespace Swan.Benchmarks.Commands;

/// <summary>What the pool's pipeline makes of a row.</summary>
internal sealed class StartEmbedding
{
    public float[] Embedding { get; set; } = [];
}
