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
    private EmbeddingBlocks? _gallery;
    private ReadOnlyMemory<float> _queries;
    private BestRows[] _best = [];
    private int _count;
    private int _rowsPerUnit;
    private int _unitsPerBlock;

    /// <summary>Scans that nobody uses.</summary>
    public static Spare<RowScan> All { get; } = new(static () => new RowScan(), Environment.ProcessorCount);

    /// <summary>Whether a scan takes one thread so little time that no other can help.</summary>
    public static bool IsTiny(EmbeddingBlocks gallery, int queries) =>
        (long)gallery.Count * gallery.EmbeddingSize * queries < WorthSharing * UnitWork;

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
    public void Run(
        EmbeddingBlocks gallery, ReadOnlyMemory<float> queries, BestRows[] best, bool waits, CancellationToken cancellation,
        Func<bool>? isUnwanted = null)
    {
        (_gallery, _queries, _best, _count) = (gallery, queries, best, queries.Length / gallery.EmbeddingSize);
        int tile = ScanRoom.Tile(gallery.EmbeddingSize);
        int rows = Math.Max(1, UnitWork / gallery.EmbeddingSize / _count);
        _rowsPerUnit = (rows + tile - 1) / tile * tile;
        _unitsPerBlock = (gallery.RowsPerBlock + _rowsPerUnit - 1) / _rowsPerUnit;
        int last = gallery.Count - (gallery.Blocks - 1) * gallery.RowsPerBlock;
        int units = IsTiny(gallery, _count) ? 1 : checked((gallery.Blocks - 1) * _unitsPerBlock + (last + _rowsPerUnit - 1) / _rowsPerUnit);
        if (units == 1) (_rowsPerUnit, _unitsPerBlock) = (int.MaxValue, 1);
        try
        {
            Run(units, waits, isUnwanted, cancellation);
        }
        finally
        {
            // A spare scan holds no gallery in memory.
            (_gallery, _queries, _best) = (null, default, []);
        }
    }

    protected override void Begin(ScanRoom room)
    {
        BestRows[] best = room.Begin(_count);
        for (int q = 0; q < _count; q++) best[q].Reset(_best[q].K);
    }

    protected override void Do(int unit, ScanRoom room, CancellationToken cancellation)
    {
        if (_rowsPerUnit == int.MaxValue)
        {
            room.ScanAll(_gallery!, _queries.Span, room.Best, cancellation);
            return;
        }
        int first = unit % _unitsPerBlock * _rowsPerUnit;
        room.Scan(_gallery!, unit / _unitsPerBlock, first..(first + _rowsPerUnit), _queries.Span, room.Best, cancellation);
    }

    protected override void End(ScanRoom room)
    {
        for (int q = 0; q < _count; q++) _best[q].Merge(room.Best[q]);
    }
}
