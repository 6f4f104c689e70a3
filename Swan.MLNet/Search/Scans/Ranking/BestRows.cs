using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>The K best rows for one query: a heap with the worst of them on top. Used again after a reset; not thread-safe.</summary>
/// <remarks>
/// A higher score is better; of equal scores the lower row. That orders all rows strictly, so the result doesn't depend on the order of
/// offers.
/// </remarks>
internal sealed class BestRows
{
    // Room that is kept for the next query: 32 KiB.
    private const int Kept = 4096, First = 16;

    // A heap: entry i is worse than entries 2i+1 and 2i+2. It grows only as far as rows are offered.
    private (float Score, int Row)[] _heap = [];
    private int _count;
    private Candidates? _candidates;

    /// <summary>Rows that are kept at most.</summary>
    public int K => Wanted.K;

    /// <summary>What the query asks for.</summary>
    public Wanted Wanted { get; private set; }

    /// <summary>Scores below can't get in any more; negative infinity while any can.</summary>
    public float Threshold
    {
        get
        {
            float threshold = _count == K ? Math.Max(_heap[0].Score, Wanted.Minimum) : Wanted.Minimum;
            // Rounding can leave the cosine of opposite vectors below -1; it counts as -1, so all rows reach that.
            return threshold <= -1 ? float.NegativeInfinity : threshold;
        }
    }

    /// <summary>Rows that a scan of bytes leaves for exact scores.</summary>
    public Candidates Candidates => _candidates ??= new Candidates();

    /// <summary>Forgets all rows.</summary>
    /// <param name="k">At least 1.</param>
    public void Reset(int k) => Reset(new Wanted(k));

    /// <inheritdoc cref="Reset(int)"/>
    public void Reset(Wanted wanted) => (Wanted, _count) = (wanted, 0);

    /// <summary>Forgets all rows, and drops room that few queries need.</summary>
    public void Trim()
    {
        Reset(default(Wanted));
        if (_heap.Length > Kept) _heap = [];
        _candidates?.Trim();
    }

    /// <summary>Takes scores of the rows from <paramref name="firstRow"/> on.</summary>
    public void Offer(ReadOnlySpan<float> scores, int firstRow)
    {
        int i = 0;
        float threshold = Threshold;
        while (i < scores.Length)
        {
            if (scores.Length - i >= Vector<float>.Count
                && !Vector.GreaterThanOrEqualAny(
                    Vector.LoadUnsafe(ref MemoryMarshal.GetReference(scores), (nuint)i), new Vector<float>(threshold)))
            {
                // Most rows: none of these beats the worst of the best.
                i += Vector<float>.Count;
                continue;
            }
            Offer(scores[i], firstRow + i);
            threshold = Threshold;
            i++;
        }
    }

    /// <summary>Takes scores of those rows that a mask has.</summary>
    /// <param name="scores">Of rows one after another.</param>
    /// <param name="firstRow">The first one's number.</param>
    /// <param name="mask">The words of its block.</param>
    /// <param name="firstBit">The first one's bit.</param>
    public void Offer(ReadOnlySpan<float> scores, int firstRow, ReadOnlySpan<ulong> mask, int firstBit)
    {
        for (int i = 0; i < scores.Length; i += 64)
        {
            ulong bits = MaskBits.From(mask, firstBit + i, Math.Min(64, scores.Length - i));
            if (bits == 0) continue;
            float threshold = Threshold;
            if (scores.Length - i >= 64 && threshold > float.NegativeInfinity)
                bits &= Reaching(ref Unsafe.Add(ref MemoryMarshal.GetReference(scores), i), threshold);
            for (; bits != 0; bits &= bits - 1)
            {
                int at = i + BitOperations.TrailingZeroCount(bits);
                Offer(scores[at], firstRow + at);
            }
        }
    }

    /// <summary>Takes one score.</summary>
    public void Offer(float score, int row)
    {
        // Rounding can lift the cosine of equal vectors over 1; cut before comparing, so they tie.
        var offered = (Score: Math.Clamp(score, -1, 1), Row: row);
        if (offered.Score < Wanted.Minimum || (Wanted.Excluded is { } excluded && excluded.Contains(row))) return;
        if (_count < K)
        {
            if (_count == _heap.Length) Array.Resize(ref _heap, (int)Math.Min(K, Math.Max(First, 2L * _count)));
            _heap[_count++] = offered;
            Rise(_count - 1);
        }
        else if (Worse(_heap[0], offered))
        {
            _heap[0] = offered;
            Sink();
        }
    }

    /// <summary>Takes what another scan of the same query found.</summary>
    public void Merge(BestRows other)
    {
        foreach ((float score, int row) in other._heap.AsSpan(0, other._count)) Offer(score, row);
    }

    /// <summary>The rows, best first, until the next call; nothing may be offered before a reset.</summary>
    public ReadOnlySpan<(float Score, int Row)> Sorted()
    {
        Span<(float Score, int Row)> rows = _heap.AsSpan(0, _count);
        rows.Sort(static (a, b) => a.Score == b.Score ? a.Row.CompareTo(b.Row) : b.Score.CompareTo(a.Score));
        return rows;
    }

    private static ulong Reaching(ref float scores, float threshold)
    {
        var least = Vector512.Create(threshold);
        ulong bits = 0;
        for (int i = 0; i < 64; i += Vector512<float>.Count)
            bits |= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref scores, (nuint)i), least).ExtractMostSignificantBits() << i;
        return bits;
    }

    private static bool Worse((float Score, int Row) a, (float Score, int Row) b) =>
        a.Score < b.Score || (a.Score == b.Score && a.Row > b.Row);

    private void Rise(int at)
    {
        while (at > 0 && Worse(_heap[at], _heap[(at - 1) / 2]))
        {
            (_heap[at], _heap[(at - 1) / 2]) = (_heap[(at - 1) / 2], _heap[at]);
            at = (at - 1) / 2;
        }
    }

    private void Sink()
    {
        for (int at = 0; ;)
        {
            int worst = 2 * at + 1;
            if (worst >= _count) return;
            if (worst + 1 < _count && Worse(_heap[worst + 1], _heap[worst])) worst++;
            if (!Worse(_heap[worst], _heap[at])) return;
            (_heap[at], _heap[worst]) = (_heap[worst], _heap[at]);
            at = worst;
        }
    }
}
