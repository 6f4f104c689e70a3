namespace Swan.MLNet.Numerics;

/// <summary>Rows of unit length in blocks of some megabytes, in memory or in mapped files, unchanged while a reader uses them.
/// </summary>
internal abstract class RowBlocks
{
    /// <summary>D.</summary>
    public abstract int EmbeddingSize { get; }

    /// <summary>Values from one row to the next, at least D. What is between rows is not looked at.</summary>
    public abstract int RowStride { get; }

    /// <summary>Rows in all blocks, those that are masked included.</summary>
    public abstract int Count { get; }

    /// <summary>How many blocks there are.</summary>
    public abstract int Blocks { get; }

    /// <summary>The number of a block's first row.</summary>
    public abstract int FirstRow(int block);

    /// <summary>Says that all blocks are read in their order until the result is disposed; null where that changes nothing.</summary>
    public virtual IDisposable? ReadInOrder() => null;

    /// <summary>The rows of a block: <c>rows[r * RowStride + d]</c>.</summary>
    public abstract ReadOnlySpan<float> Rows(int block);

    /// <summary>The rows of a block like <see cref="Rows"/>, for a reader of only some of them.</summary>
    /// <param name="block">Which block.</param>
    /// <param name="rows">The rows that are read, by their numbers in the block.</param>
    public virtual ReadOnlySpan<float> Some(int block, scoped ReadOnlySpan<int> rows) => Rows(block);
}
