using System.Runtime.InteropServices;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Rows that may be among the K best for a query, by bounds of their scores. Used again after a reset; not thread-safe.</summary>
/// <remarks>
/// K rows score at least the K-th highest lower bound. So a row whose upper bound is lower is not among the K best, and all others stay,
/// even if they are all rows. Exact scores are computed by falling upper bounds, until the K-th best exact score exceeds the remaining
/// bounds. So one thread reads rows in any order. If many stay, all rows are read in their order instead, like a scan without bytes.
/// </remarks>
internal sealed class Candidates
{
    // Room that is kept for the next query: 64 KiB. Exact scores that are computed together.
    private const int Kept = 8192, First = 64, Together = 64;

    // Ranking takes as long as a scan of values at one row in five (Swan.Benchmarks, search --only-ranking); a scan of bytes before it is
    // wasted from one in ten on. A few rows are no work.
    private const int Many = 5, ManyKnown = 10, Few = 1024;

    private readonly BestRows _lower = new();
    private (float Upper, int Row)[] _rows = [];
    private int _count;

    /// <summary>
    /// A row whose upper bound is below can't be found; negative infinity while any can. Never over 1, as scores are cut there.
    /// </summary>
    public float Threshold => _lower.Threshold;

    /// <summary>Whether so many rows are known to be wanted that a scan reads values from the start.</summary>
    /// <param name="wanted">What a query asks for.</param>
    /// <param name="rows">The rows that it may find.</param>
    public static bool WouldBeMany(Wanted wanted, int rows) => wanted.Minimum <= -1 && IsMany(wanted.K, rows, ManyKnown);

    /// <summary>Whether so many rows are left that reading all of them in their order takes less time.</summary>
    /// <param name="rows">The rows that were scanned and may be found.</param>
    public bool AreMany(int rows)
    {
        if (!IsMany(_count, rows, Many)) return false;
        Prune();
        return IsMany(_count, rows, Many);
    }

    /// <summary>Forgets all rows.</summary>
    public void Reset(Wanted wanted)
    {
        // Lower bounds below the lowest score say nothing about the K-th best.
        _lower.Reset(wanted);
        _count = 0;
    }

    /// <summary>Forgets all rows, and drops room that few queries need.</summary>
    public void Trim()
    {
        _lower.Trim();
        _count = 0;
        if (_rows.Length > Kept) _rows = [];
    }

    /// <summary>Takes a row whose upper bound reaches <see cref="Threshold"/>.</summary>
    public void Offer(float lower, float upper, int row)
    {
        _lower.Offer(lower, row);
        Add(upper, row);
    }

    /// <summary>Takes what another scan of the same query left.</summary>
    public void Merge(Candidates other)
    {
        _lower.Merge(other._lower);
        float threshold = Threshold;
        foreach ((float upper, int row) in other._rows.AsSpan(0, other._count))
        {
            if (upper >= threshold) Add(upper, row);
        }
    }

    /// <summary>Offers exact scores of all rows that may be found; nothing may be offered to this before a reset.</summary>
    /// <param name="gallery">The rows.</param>
    /// <param name="query">D values.</param>
    /// <param name="best">After a reset.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>How many rows were read.</returns>
    public int Rank(ScannedRows gallery, ReadOnlySpan<float> query, BestRows best, CancellationToken cancellation)
    {
        Span<(float Upper, int Row)> rows = _rows.AsSpan(0, _count);
        rows.Sort(static (a, b) => a.Upper == b.Upper ? a.Row.CompareTo(b.Row) : b.Upper.CompareTo(a.Upper));
        Span<int> some = stackalloc int[Together];
        Span<float> scores = stackalloc float[Together];
        int done = 0;
        while (done < rows.Length && rows[done].Upper >= best.Threshold)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(Together, rows.Length - done);
            for (int i = 0; i < count; i++) some[i] = rows[done + i].Row;
            some[..count].Sort();
            for (int i = 0; i < count;)
            {
                int block = gallery.BlockOf(some[i]), first = gallery.Rows.FirstRow(block), end = i + 1;
                while (end < count && some[end] < gallery.EndOf(block)) end++;
                for (int r = i; r < end; r++) some[r] -= first;
                DotProducts.FillSome(
                    gallery.Rows.Some(block, some[i..end]), gallery.Rows.RowStride, some[i..end], query, scores);
                for (int r = i; r < end; r++) best.Offer(scores[r - i], first + some[r]);
                i = end;
            }
            done += count;
        }
        SearchTelemetry.Candidates.Add(done);
        return done;
    }

    private static bool IsMany(int some, int rows, int share) => some > Few && (long)some * share > rows;

    private void Add(float upper, int row)
    {
        if (_count == _rows.Length)
        {
            Prune();
            // Where most rows stay, there are many that score alike.
            if (_count >= _rows.Length / 2) Array.Resize(ref _rows, Math.Max(First, (int)Math.Min(Array.MaxLength, 2L * _rows.Length)));
        }
        _rows[_count++] = (upper, row);
    }

    private void Prune()
    {
        float threshold = Threshold;
        int kept = 0;
        foreach ((float upper, int row) in _rows.AsSpan(0, _count))
        {
            if (upper >= threshold) _rows[kept++] = (upper, row);
        }
        _count = kept;
    }
}
