using System.Numerics;
using System.Runtime.InteropServices;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

internal sealed partial class ScanRoom
{
    // A group of which nobody may find more rows is not multiplied as a whole.
    private const int Few = 2;

    // Groups between two looks at the token.
    private const int Between = 4;

    private Int8Part? _part;
    private Int8Bound[] _bounds = [];
    private float[] _thresholds = [];
    private int[] _products = [];

    // A group at a time: coarse products of all rows, then finer bounds of the few whose coarse ones reach the threshold.
    private void ScanCodes(
        ScannedRows gallery, int block, Range rows, ScanQueries queries, BestRows[] best, CancellationToken cancellation)
    {
        Int8Rows codes = gallery.Codes!.Block(block);
        Int8Queries asked = queries.Integers;
        Prepare(codes.Part, asked);
        int words = Int8Part.Words(gallery.Dimension), firstRow = gallery.Rows.FirstRow(block), end = rows.End.Value;
        bool masked = false;
        for (int q = 0; q < asked.Count; q++)
        {
            masked |= best[q].Wanted.Mask is not null;
            _thresholds[q] = best[q].Candidates.Threshold;
        }
        for (int first = rows.Start.Value; first < end; first += Int8Part.Group)
        {
            if (first / Int8Part.Group % Between == 0) cancellation.ThrowIfCancellationRequested();
            ulong all = end - first >= Int8Part.Group ? ulong.MaxValue : (1UL << (end - first)) - 1;
            int most = masked ? Most(best, asked.Count, block, first, all) : Int8Part.Group;
            if (most == 0) continue;
            ReadOnlySpan<byte> group = codes.Part.GroupOf(codes.First + first);
            if (most > Few) Int8Products.Fill(group[Int8Part.Lengths..], asked.Coarse, words, _products);
            ref float scales = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, float>(group));
            for (int q = 0; q < asked.Count; q++)
            {
                ulong bits = masked ? Bits(best[q], block, first, all) : all;
                if (most > Few) bits &= _bounds[q].Reaching(ref _products[q * Int8Part.Group], ref scales, _thresholds[q]);
                if (bits != 0) Refine(q, bits, group, most > Few, asked, best[q].Candidates, firstRow + first);
            }
        }
    }

    // How many of a group's rows any query may find.
    private static int Most(BestRows[] best, int queries, int block, int first, ulong all)
    {
        int most = 0, rows = BitOperations.PopCount(all);
        for (int q = 0; q < queries && most < rows; q++)
            most = Math.Max(most, BitOperations.PopCount(Bits(best[q], block, first, all)));
        return most;
    }

    private static ulong Bits(BestRows best, int block, int first, ulong all) =>
        best.Wanted.Mask is { } mask ? mask.Block(block)[first / Int8Part.Group] & all : all;

    private void Prepare(Int8Part part, Int8Queries asked)
    {
        if (ReferenceEquals(_part, part)) return;
        if (_bounds.Length < asked.Count)
        {
            (_bounds, _thresholds) = (new Int8Bound[asked.Count], new float[asked.Count]);
            _products = new int[asked.Count * Int8Part.Group];
        }
        for (int q = 0; q < asked.Count; q++) _bounds[q] = asked.Bound(q, part);
        _part = part;
    }

    private void Refine(
        int query, ulong bits, ReadOnlySpan<byte> group, bool isWhole, Int8Queries asked, Candidates candidates, int firstRow)
    {
        ref readonly Int8Bound bound = ref _bounds[query];
        ReadOnlySpan<float> scales = MemoryMarshal.Cast<byte, float>(group[..Int8Part.Lengths]);
        int panel = Int8Part.Words(asked.Dimension) * Int8Part.Group;
        for (; bits != 0; bits &= bits - 1)
        {
            int r = BitOperations.TrailingZeroCount(bits);
            ReadOnlySpan<byte> codes = group[(Int8Part.Lengths + r / Int8Part.Panel * panel + r % Int8Part.Panel * 4)..];
            int coarse = isWhole ? _products[query * Int8Part.Group + r] : asked.CoarseOf(query, codes);
            (float lower, float upper) = bound.Of(coarse, asked.Fine(query, codes), scales[r], scales[Int8Part.Group + r]);
            if (upper < _thresholds[query]) continue;
            candidates.Offer(lower, upper, firstRow + r);
            _thresholds[query] = candidates.Threshold;
        }
    }
}
