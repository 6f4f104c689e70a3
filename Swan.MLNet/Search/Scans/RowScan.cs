using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>One pass over a gallery for some queries; the units are rows.</summary>
internal sealed class RowScan : SharedScan, ISpare
{
    // Products and sums in a unit, at least: some 15 microseconds, for which it is worth asking whose turn it is.
    private const int UnitWork = 128 * 1024;

    // Fewer units are done before another thread wakes.
    private const int WorthSharing = 4;

    private readonly Heaps _places = new();
    private readonly ScanQueries _queries = new();
    private ScannedRows? _gallery;
    private BestRows[] _best = [];
    private int _rowsPerUnit;

    // Units of all blocks before each.
    private int[] _units = [];

    /// <summary>Unused scans.</summary>
    public static Spare<RowScan> All { get; } = new(static () => new RowScan(), Environment.ProcessorCount);

    /// <summary>Whether a scan takes one thread so little time that no other can help.</summary>
    public static bool IsTiny(ScannedRows gallery, int queries) =>
        (long)gallery.Count * gallery.Dimension * queries < WorthSharing * UnitWork;

    /// <summary>Places for the best rows of some queries, for a caller that has none.</summary>
    public BestRows[] Places(int queries) => _places.For(queries);

    public void Trim() => _places.Trim();

    /// <summary>Offers all rows to all queries.</summary>
    /// <param name="gallery">Is only read.</param>
    /// <param name="queries"><c>queries[q * D + d]</c>, unit length.</param>
    /// <param name="best">One for each query, after a reset.</param>
    /// <param name="waits">See <see cref="SharedScan.Run"/>.</param>
    /// <param name="cancellation">Ends the scan.</param>
    /// <param name="isUnwanted">See <see cref="SharedScan.Run"/>.</param>
    /// <param name="threads">Threads that scan, at most; 0: as many as there are processors.</param>
    public void Run(
        ScannedRows gallery, ReadOnlyMemory<float> queries, BestRows[] best, bool waits, CancellationToken cancellation,
        Func<bool>? isUnwanted = null, int threads = 0)
    {
        try
        {
            (_gallery, _best) = (gallery, best);
            _queries.Set(queries, gallery);
            if (gallery.Codes is not null)
                for (int q = 0; q < _queries.Count; q++) best[q].Candidates.Reset(best[q].Wanted);
            Run(Divide(gallery), waits, isUnwanted, cancellation, threads);
        }
        finally
        {
            // A spare scan holds no gallery in memory.
            (_gallery, _best) = (null, []);
            _queries.Clear();
        }
    }

    protected override void Begin(ScanRoom room)
    {
        BestRows[] best = room.Begin(_queries.Count);
        for (int q = 0; q < _queries.Count; q++)
        {
            best[q].Reset(_best[q].Wanted);
            if (_gallery!.Codes is not null) best[q].Candidates.Reset(_best[q].Wanted);
        }
    }

    protected override void Do(int unit, ScanRoom room, CancellationToken cancellation)
    {
        if (_rowsPerUnit == int.MaxValue)
        {
            room.ScanAll(_gallery!, _queries, room.Best, cancellation);
            return;
        }
        // The last block that begins with this unit: those before are empty.
        int block = Array.BinarySearch(_units, 0, _gallery!.Blocks, unit);
        if (block < 0) block = ~block - 1;
        while (_units[block + 1] == unit) block++;
        int first = (unit - _units[block]) * _rowsPerUnit;
        room.Scan(_gallery, block, first..(first + _rowsPerUnit), _queries, room.Best, cancellation);
    }

    protected override void End(ScanRoom room)
    {
        for (int q = 0; q < _queries.Count; q++)
        {
            _best[q].Merge(room.Best[q]);
            if (_gallery!.Codes is not null) _best[q].Candidates.Merge(room.Best[q].Candidates);
        }
    }

    private int Divide(ScannedRows gallery)
    {
        if (IsTiny(gallery, _queries.Count))
        {
            _rowsPerUnit = int.MaxValue;
            return 1;
        }
        // Bytes take less time than values, and come in groups.
        int least = gallery.Codes is null ? ScanRoom.Tile(gallery.Dimension) : 4 * Int8Part.Group;
        int rows = Math.Max(1, UnitWork / gallery.Dimension / _queries.Count) * (gallery.Codes is null ? 1 : 4);
        _rowsPerUnit = (rows + least - 1) / least * least;
        if (_units.Length < gallery.Blocks + 1) _units = new int[gallery.Blocks + 1];
        int units = 0;
        for (int block = 0; block < gallery.Blocks; block++)
        {
            _units[block] = units;
            units = checked(units + (gallery.RowsOf(block) + _rowsPerUnit - 1) / _rowsPerUnit);
        }
        _units[gallery.Blocks] = units;
        if (units == 1) _rowsPerUnit = int.MaxValue;
        return units;
    }
}
