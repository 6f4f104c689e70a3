using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Rows of several segments that may be found: a set for each segment.</summary>
internal sealed class SegmentMask : RowMask
{
    private readonly SegmentBlocks _blocks;
    private readonly RowBits[] _segments;

    /// <param name="blocks">The segments' blocks.</param>
    /// <param name="segments">The rows of each segment that may be found.</param>
    public SegmentMask(SegmentBlocks blocks, RowBits[] segments)
    {
        (_blocks, _segments) = (blocks, segments);
        foreach (RowBits rows in segments) Count += rows.Count;
    }

    public override int Count { get; }

    public override ReadOnlySpan<ulong> Block(int block)
    {
        (int segment, int first, int count) = _blocks.Block(block);
        return _segments[segment].Words.Slice(first / 64, (count + 63) / 64);
    }
}
