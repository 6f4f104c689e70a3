using System.Numerics;
using System.Runtime.InteropServices;

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

    /// <summary>Rows that are kept at most.</summary>
    public int K { get; private set; }

    /// <summary>Forgets all rows.</summary>
    /// <param name="k">At least 1.</param>
    public void Reset(int k) => (K, _count) = (k, 0);

    /// <summary>Forgets all rows, and drops room that few queries need.</summary>
    public void Trim()
    {
        _count = 0;
        if (_heap.Length > Kept) _heap = [];
    }

    /// <summary>Takes scores of the rows from <paramref name="firstRow"/> on.</summary>
    public void Offer(ReadOnlySpan<float> scores, int firstRow)
    {
        int i = 0;
        while (i < scores.Length)
        {
            if (_count == K && scores.Length - i >= Vector<float>.Count
                && !Vector.GreaterThanOrEqualAny(
                    Vector.LoadUnsafe(ref MemoryMarshal.GetReference(scores), (nuint)i), new Vector<float>(_heap[0].Score)))
            {
                // Most rows: none of these beats the worst of the best.
                i += Vector<float>.Count;
                continue;
            }
            Offer(scores[i], firstRow + i);
            i++;
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

    private static bool Worse((float Score, int Row) a, (float Score, int Row) b) =>
        a.Score < b.Score || (a.Score == b.Score && a.Row > b.Row);

    private void Offer(float score, int row)
    {
        // Rounding can lift the cosine of equal vectors over 1; cut before comparing, so that they tie.
        var offered = (Score: Math.Clamp(score, -1, 1), Row: row);
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
