using System.Numerics;
using System.Runtime.InteropServices;

namespace Swan.MLNet.Search;

/// <summary>The K best rows for one query: a heap with the worst of them on top. Not thread-safe.</summary>
/// <remarks>
/// A higher score is better; of equal scores the lower row. That orders all rows strictly, so the result doesn't depend on the order of
/// offers.
/// </remarks>
internal sealed class BestRows(int k)
{
    // A heap: entry i is worse than entries 2i+1 and 2i+2. It grows only as far as rows are offered.
    private readonly List<(float Score, int Row)> _heap = [];

    /// <summary>Takes scores of the rows from <paramref name="firstRow"/> on.</summary>
    public void Offer(ReadOnlySpan<float> scores, int firstRow)
    {
        int i = 0;
        while (i < scores.Length)
        {
            if (_heap.Count == k && scores.Length - i >= Vector<float>.Count
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
        foreach ((float score, int row) in other._heap) Offer(score, row);
    }

    /// <summary>The rows, best first. Empties the heap.</summary>
    public (float Score, int Row)[] Take()
    {
        _heap.Sort(static (a, b) => a.Score == b.Score ? a.Row.CompareTo(b.Row) : b.Score.CompareTo(a.Score));
        (float, int)[] sorted = [.. _heap];
        _heap.Clear();
        return sorted;
    }

    private static bool Worse((float Score, int Row) a, (float Score, int Row) b) =>
        a.Score < b.Score || (a.Score == b.Score && a.Row > b.Row);

    private void Offer(float score, int row)
    {
        // Rounding can lift the cosine of equal vectors over 1; cut before comparing, so that they tie.
        var offered = (Score: Math.Clamp(score, -1, 1), Row: row);
        if (_heap.Count < k)
        {
            _heap.Add(offered);
            Rise(_heap.Count - 1);
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
            if (worst >= _heap.Count) return;
            if (worst + 1 < _heap.Count && Worse(_heap[worst + 1], _heap[worst])) worst++;
            if (!Worse(_heap[worst], _heap[at])) return;
            (_heap[at], _heap[worst]) = (_heap[worst], _heap[at]);
            at = worst;
        }
    }
}
