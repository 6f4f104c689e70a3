using System.Numerics;
using System.Runtime.InteropServices;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

internal sealed partial class ScanRoom
{
    // A group of which nobody may find more rows is not multiplied as a whole.
    private const int Few = 2;

    private Int8Part? _part;
    private Int8Bound[] _bounds = [];
    private int[] _products = [];

    // A group at a time: coarse products of all rows, then finer bounds of the few whose coarse ones reach the threshold.
    private void ScanCodes(
        ScannedRows gallery, int block, Range rows, ScanQueries queries, BestRows[] best, CancellationToken cancellation)
    {
        Int8Rows codes = gallery.Codes!.Block(block);
        Int8Queries asked = queries.Integers;
        Prepare(codes.Part, asked);
        int words = Int8Part.Words(gallery.Dimension), firstRow = gallery.Rows.FirstRow(block);
        for (int first = rows.Start.Value; first < rows.End.Value; first += Int8Part.Group)
        {
            if (first / Int8Part.Group % 4 == 0) cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(Int8Part.Group, rows.End.Value - first);
            ulong all = count == 64 ? ulong.MaxValue : (1UL << count) - 1, any = 0;
            int most = 0;
            for (int q = 0; q < asked.Count && most < count; q++)
            {
                ulong bits = Bits(best[q], block, first, all);
                any |= bits;
                most = Math.Max(most, BitOperations.PopCount(bits));
            }
            if (any == 0) continue;
            ReadOnlySpan<byte> group = codes.Part.GroupOf(codes.First + first);
            bool whole = most > Few;
            if (whole) Int8Products.Fill(group[Int8Part.Lengths..], asked.Coarse, words, _products);
            ref float scales = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, float>(group));
            for (int q = 0; q < asked.Count; q++)
            {
                ulong bits = Bits(best[q], block, first, all);
                Candidates candidates = best[q].Candidates;
                if (whole) bits &= _bounds[q].Reaching(ref _products[q * Int8Part.Group], ref scales, candidates.Threshold);
                if (bits != 0) Refine(q, bits, group, whole, asked, candidates, firstRow + first);
            }
        }
    }

    private static ulong Bits(BestRows best, int block, int first, ulong all) =>
        best.Wanted.Mask is { } mask ? mask.Block(block)[first / 64] & all : all;

    private void Prepare(Int8Part part, Int8Queries asked)
    {
        if (ReferenceEquals(_part, part)) return;
        if (_bounds.Length < asked.Count)
            (_bounds, _products) = (new Int8Bound[asked.Count], new int[asked.Count * Int8Part.Group]);
        for (int q = 0; q < asked.Count; q++) _bounds[q] = asked.Bound(q, part);
        _part = part;
    }

    private void Refine(
        int query, ulong bits, ReadOnlySpan<byte> group, bool whole, Int8Queries asked, Candidates candidates, int firstRow)
    {
        ref readonly Int8Bound bound = ref _bounds[query];
        ReadOnlySpan<float> scales = MemoryMarshal.Cast<byte, float>(group[..Int8Part.Lengths]);
        int panel = Int8Part.Words(asked.Dimension) * Int8Part.Group;
        for (; bits != 0; bits &= bits - 1)
        {
            int r = BitOperations.TrailingZeroCount(bits);
            ReadOnlySpan<byte> codes = group[(Int8Part.Lengths + r / Int8Part.Panel * panel + r % Int8Part.Panel * 4)..];
            int coarse = whole ? _products[query * Int8Part.Group + r] : asked.CoarseOf(query, codes);
            (float lower, float upper) = bound.Of(coarse, asked.Fine(query, codes), scales[r], scales[Int8Part.Group + r]);
            if (upper >= candidates.Threshold) candidates.Offer(lower, upper, firstRow + r);
        }
    }
}
