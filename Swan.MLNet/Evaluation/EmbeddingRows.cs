using Swan.MLNet.Numerics;

namespace Swan.MLNet.Evaluation;

/// <summary>Embeddings of images or of captions, wherever they lie. Safe for concurrent use.</summary>
internal abstract class EmbeddingRows
{
    /// <summary>D.</summary>
    public abstract int Dimension { get; }

    public abstract int Count { get; }

    /// <summary>Rows that lie together, at least one.</summary>
    /// <param name="row">The first.</param>
    /// <param name="most">The most.</param>
    public abstract ReadOnlySpan<float> From(int row, int most);
}

/// <summary>Rows in one piece of memory: <c>values[row * dimension + d]</c>.</summary>
internal sealed class EmbeddingsInMemory(ReadOnlyMemory<float> values, int dimension) : EmbeddingRows
{
    public override int Dimension => dimension;

    public override int Count => values.Length / dimension;

    public override ReadOnlySpan<float> From(int row, int most) => values.Span.Slice(row * dimension, most * dimension);
}

/// <summary>Rows in blocks, as they were read: growing copies nothing.</summary>
internal sealed class EmbeddingsInBlocks(EmbeddingBlocks blocks) : EmbeddingRows
{
    public override int Dimension => blocks.EmbeddingSize;

    public override int Count => blocks.Count;

    public override ReadOnlySpan<float> From(int row, int most)
    {
        ReadOnlySpan<float> rest = blocks.Block(row / blocks.RowsPerBlock)[(row % blocks.RowsPerBlock * Dimension)..];
        return rest[..Math.Min(rest.Length, most * Dimension)];
    }
}
