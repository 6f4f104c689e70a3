namespace Swan.MLNet.Numerics;

/// <summary>
/// Unit vectors in blocks of a few megabytes: <c>block[r * D + d]</c>. So they grow without copying and exceed what one array holds.
/// </summary>
internal sealed class EmbeddingBlocks : RowBlocks
{
    private readonly List<float[]> _blocks = [];
    private int _count;

    /// <param name="embeddingSize">D.</param>
    /// <param name="blockValues">Values per block, rounded down to whole rows. The default is 4 MiB.</param>
    public EmbeddingBlocks(int embeddingSize, int blockValues = 1 << 20)
    {
        EmbeddingSize = embeddingSize;
        RowsPerBlock = Math.Max(1, blockValues / embeddingSize);
    }

    public override int EmbeddingSize { get; }

    public override int RowStride => EmbeddingSize;

    public int RowsPerBlock { get; }

    public override int Count => _count;

    public override int Blocks => (int)(((long)Count + RowsPerBlock - 1) / RowsPerBlock);

    public override int FirstRow(int block) => block * RowsPerBlock;

    public override ReadOnlySpan<float> Rows(int block) => Block(block);

    /// <summary>The rows of a block; the first is row <c>block * RowsPerBlock</c>.</summary>
    public Span<float> Block(int block) =>
        _blocks[block].AsSpan(0, Math.Min(RowsPerBlock, Count - block * RowsPerBlock) * EmbeddingSize);

    public Span<float> Row(int row) => _blocks[row / RowsPerBlock].AsSpan(row % RowsPerBlock * EmbeddingSize, EmbeddingSize);

    /// <summary>Room for one more row; it counts only after <see cref="Keep"/>.</summary>
    public Span<float> Next()
    {
        if (Count == int.MaxValue)
        {
            throw new InvalidOperationException(
                $"An index or an evaluation holds at most {int.MaxValue:N0} rows, but more were given. Split a gallery, search its parts "
                + "and merge the results by score, or evaluate on fewer images and captions.");
        }
        int start = Count % RowsPerBlock * EmbeddingSize, whole = RowsPerBlock * EmbeddingSize;
        if (start == 0 && _blocks.Count == Count / RowsPerBlock)
            _blocks.Add(_blocks.Count == 0 ? [] : GC.AllocateUninitializedArray<float>(whole));
        float[] block = _blocks[^1];
        if (start + EmbeddingSize > block.Length)
        {
            // The first block doubles up to its size: small galleries stay small.
            Array.Resize(ref block, Math.Clamp(block.Length * 2, EmbeddingSize, whole));
            _blocks[^1] = block;
        }
        return block.AsSpan(start, EmbeddingSize);
    }

    public void Keep() => _count++;

    /// <summary>A copy of all rows in one array: <c>rows[r * D + d]</c>.</summary>
    /// <exception cref="OverflowException">They are more than one array holds.</exception>
    public float[] ToArray()
    {
        float[] rows = new float[checked(Count * EmbeddingSize)];
        for (int block = 0; block < Blocks; block++) Block(block).CopyTo(rows.AsSpan(block * RowsPerBlock * EmbeddingSize));
        return rows;
    }
}
