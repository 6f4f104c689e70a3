using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>The rows of several segments, deleted ones included, in the segments' order: row numbers go on from one to the next.</summary>
/// <remarks>A segment begins with a block, and its blocks begin at multiples of 64 of its rows.</remarks>
internal sealed class SegmentBlocks : RowBlocks
{
    private readonly Segment[] _segments;
    private readonly int[] _firstRows;
    private readonly (int Segment, int First, int Count)[] _blocks;
    private readonly int _blockRows;

    public SegmentBlocks(IEnumerable<Segment> segments, int embeddingSize, int stride)
    {
        (_segments, EmbeddingSize, RowStride) = ([.. segments], embeddingSize, stride);
        _firstRows = new int[_segments.Length];
        _blockRows = SegmentBuilder.BlockRows(stride);
        var blocks = new List<(int, int, int)>();
        for (int i = 0; i < _segments.Length; i++)
        {
            _firstRows[i] = Count;
            int rows = _segments[i].Count;
            for (int first = 0; first < rows; first += _blockRows) blocks.Add((i, first, Math.Min(_blockRows, rows - first)));
            Count = checked(Count + rows);
        }
        _blocks = [.. blocks];
    }

    public override int EmbeddingSize { get; }

    public override int RowStride { get; }

    public override int Count { get; }

    public override int Blocks => _blocks.Length;

    public override int FirstRow(int block) => _firstRows[_blocks[block].Segment] + _blocks[block].First;

    /// <summary>The segment of a block, by its number, and the block's rows in it.</summary>
    public (int Segment, int First, int Count) Block(int block) => _blocks[block];

    public override IDisposable ReadInOrder() => new RowsInOrder(_segments);

    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public override ReadOnlySpan<float> Rows(int block)
    {
        (int segment, int first, int count) = _blocks[block];
        return _segments[segment].Rows(first, count);
    }

    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public override ReadOnlySpan<float> Some(int block, scoped ReadOnlySpan<int> rows)
    {
        (int segment, int first, int count) = _blocks[block];
        return _segments[segment].Rows(first, count, rows);
    }

    /// <summary>The number of a segment's first row.</summary>
    public int FirstRowOf(int segment) => _firstRows[segment];

    /// <summary>The segment that has a row, by its number, and the row's number in it.</summary>
    public (int Segment, int Row) Find(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        int segment = Array.BinarySearch(_firstRows, row);
        if (segment < 0) segment = ~segment - 1;
        return (segment, row - _firstRows[segment]);
    }

    /// <summary>The same rows as bytes.</summary>
    public Int8Blocks Int8() => new Codes(this);

    private sealed class Codes(SegmentBlocks blocks) : Int8Blocks
    {
        public override Int8Rows Block(int block)
        {
            (int segment, int first, int count) = blocks._blocks[block];
            return blocks._segments[segment].Int8(first, count);
        }
    }
}
