using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Scans;

/// <summary>Rows in segments, each of which has blocks that begin at multiples of 64 of its rows, as a living index has them.</summary>
internal sealed class SegmentedRows : RowBlocks
{
    private readonly List<(float[] Values, int First, int Count, int Segment, int InSegment)> _blocks = [];
    private readonly int _gap;

    /// <param name="rows">Unit vectors.</param>
    /// <param name="dimension">D.</param>
    /// <param name="segments">Rows of each segment but the last.</param>
    /// <param name="perBlock">Rows of a block, a multiple of 64.</param>
    /// <param name="gap">Values between rows, which are NaN.</param>
    public SegmentedRows(float[][] rows, int dimension, int[] segments, int perBlock, int gap = 0)
    {
        (EmbeddingSize, _gap, Count) = (dimension, gap, rows.Length);
        int at = 0, segment = 0;
        foreach (int size in segments.Append(rows.Length))
        {
            int end = Math.Min(rows.Length, at + size);
            for (int first = at; first < end; first += perBlock)
            {
                float[][] some = rows[first..Math.Min(end, first + perBlock)];
                float[] values = new float[(some.Length - 1) * RowStride + dimension];
                Array.Fill(values, float.NaN);
                for (int r = 0; r < some.Length; r++) some[r].CopyTo(values, r * RowStride);
                _blocks.Add((values, first, some.Length, segment, first - at));
            }
            segment++;
            at = end;
        }
    }

    /// <summary>Called when a block of rows or of bytes is read.</summary>
    public Action? Reading { get; set; }

    public override int EmbeddingSize { get; }

    public override int RowStride => EmbeddingSize + _gap;

    public override int Count { get; }

    public override int Blocks => _blocks.Count;

    public override int FirstRow(int block) => _blocks[block].First;

    public override ReadOnlySpan<float> Rows(int block)
    {
        Reading?.Invoke();
        return _blocks[block].Values;
    }

    /// <summary>The rows as bytes, a part for each segment.</summary>
    public Int8Blocks Codes() => new CodeBlocks(this);

    /// <summary>A set of rows as a mask.</summary>
    public RowMask Mask(Func<int, bool> may) => new BlockMask(this, may);

    private sealed class CodeBlocks : Int8Blocks
    {
        private readonly SegmentedRows _all;
        private readonly Int8Rows[] _rows;

        public CodeBlocks(SegmentedRows all)
        {
            _all = all;
            var parts = all._blocks.GroupBy(b => b.Segment).ToDictionary(g => g.Key, g => Part(all, [.. g]));
            _rows = [.. all._blocks.Select(b => parts[b.Segment].Slice(b.InSegment, b.Count))];
        }

        public override Int8Rows Block(int block)
        {
            _all.Reading?.Invoke();
            return _rows[block];
        }

        private static Int8Part Part(SegmentedRows all, (float[] Values, int First, int Count, int Segment, int InSegment)[] blocks)
        {
            int d = all.EmbeddingSize;
            float[][] rows =
            [
                .. blocks.SelectMany(b => Enumerable.Range(0, b.Count).Select(r => b.Values.AsSpan(r * all.RowStride, d).ToArray())),
            ];
            byte[] bytes = new byte[Int8Part.Bytes(rows.Length, d)];
            Int8Part.Encode(new SegmentedRows(rows, d, [], 64), bytes, TestContext.Current.CancellationToken);
            return Int8Part.Open(bytes, rows.Length, d);
        }
    }

    private sealed class BlockMask : RowMask
    {
        private readonly ulong[][] _words;

        public BlockMask(SegmentedRows all, Func<int, bool> may)
        {
            RowBits[] blocks = [.. all._blocks.Select(b =>
            {
                var bits = new RowBits(b.Count);
                for (int r = 0; r < b.Count; r++) bits[r] = may(b.First + r);
                return bits;
            })];
            (Count, _words) = (blocks.Sum(bits => bits.Count), Array.ConvertAll(blocks, bits => bits.Words.ToArray()));
        }

        public override int Count { get; }

        public override ReadOnlySpan<ulong> Block(int block) => _words[block];
    }
}
