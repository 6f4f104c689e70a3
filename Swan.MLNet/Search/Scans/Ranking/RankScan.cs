using Swan.MLNet.Diagnostics;

namespace Swan.MLNet.Search;

/// <summary>Exact scores of what a scan of bytes left to some queries; the units are queries.</summary>
/// <remarks>Queries to which many rows are left share a scan of values instead.</remarks>
internal sealed class RankScan : SharedScan, ISpare
{
    private readonly ScanQueries _queries = new();
    private readonly List<int> _few = [], _many = [];
    private ScannedRows? _gallery;
    private BestRows[] _best = [];

    /// <summary>Unused scans.</summary>
    public static Spare<RankScan> All { get; } = new(static () => new RankScan(), Environment.ProcessorCount);

    public void Trim()
    {
    }

    /// <summary>Offers exact scores of all rows that may be found.</summary>
    /// <param name="gallery">Has bytes, of which a scan has met all.</param>
    /// <param name="queries"><c>queries[q * D + d]</c>, unit length.</param>
    /// <param name="best">One for each query, with its candidates.</param>
    /// <param name="waits">See <see cref="SharedScan.Run"/>.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <param name="threads">Threads that work, at most; 0: as many as there are processors.</param>
    public void Run(
        ScannedRows gallery, ReadOnlyMemory<float> queries, BestRows[] best, bool waits, CancellationToken cancellation, int threads)
    {
        try
        {
            (_gallery, _best) = (gallery, best);
            _queries.Set(queries, gallery.Values);
            for (int q = 0; q < _queries.Count; q++)
                (best[q].Candidates.AreMany(RowsOf(best[q])) ? _many : _few).Add(q);
            if (_few.Count > 0) Run(_few.Count, waits, isUnwanted: null, cancellation, threads);
            if (_many.Count > 0) Read(waits, cancellation, threads);
        }
        finally
        {
            // A spare scan holds no gallery in memory.
            (_gallery, _best) = (null, []);
            _queries.Clear();
            _few.Clear();
            _many.Clear();
        }
    }

    protected override void Begin(ScanRoom room)
    {
    }

    protected override void Do(int unit, ScanRoom room, CancellationToken cancellation)
    {
        BestRows best = _best[_few[unit]];
        best.Candidates.Rank(_gallery!, _queries.Of(_few[unit], _gallery!.Dimension), best, cancellation);
    }

    protected override void End(ScanRoom room)
    {
    }

    private void Read(bool waits, CancellationToken cancellation, int threads)
    {
        foreach (int q in _many) SearchTelemetry.Candidates.Add(RowsOf(_best[q]));
        (ReadOnlyMemory<float> queries, BestRows[] best) = _queries.Some(_many, _best, _gallery!.Dimension);
        RowScan scan = RowScan.All.Take();
        scan.Run(_gallery.Values, queries, best, waits, cancellation, isUnwanted: null, threads);
        RowScan.All.GiveBack(scan);
    }

    private int RowsOf(BestRows best) => best.Wanted.Mask?.Count ?? _gallery!.Count;
}
