using Swan.MLNet.Numerics;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Search;

/// <summary>What one thread needs while it scans: room for scores, the best rows that it has found, and its processor.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class ScanRoom : ISpare
{
    // 128 KiB of rows stay in the second-level cache; scores of one tile are offered together.
    private const int TileValues = 32 * 1024, MaxTile = 256;

    private readonly Heaps _heaps = new();
    private float[] _scores = [];

    /// <summary>As many are there as are used at a time.</summary>
    public static Spare<ScanRoom> All { get; } = new(static () => new ScanRoom(), Environment.ProcessorCount);

    /// <summary>The best rows of each query.</summary>
    public BestRows[] Best { get; private set; } = [];

    /// <summary>The processor that the thread has taken, if any.</summary>
    public Permit Processor { get; } = WorkFrame.Process.Processors.Hold();

    /// <summary>Rows whose scores are computed at once.</summary>
    public static int Tile(int dimension) => Math.Clamp(TileValues / dimension, 4, MaxTile);

    /// <summary>Places for the best rows of some queries.</summary>
    public BestRows[] Begin(int queries) => Best = _heaps.For(queries);

    public void Trim() => _heaps.Trim();

    /// <summary>Offers rows of one block to each query.</summary>
    /// <param name="gallery">Is only read.</param>
    /// <param name="block">Which block.</param>
    /// <param name="rows">Which of its rows; cut to those that it has.</param>
    /// <param name="queries"><c>queries[q * D + d]</c></param>
    /// <param name="best">One for each query, or more.</param>
    /// <param name="cancellation">Looked at before each tile.</param>
    public void Scan(
        EmbeddingBlocks gallery, int block, Range rows, ReadOnlySpan<float> queries, BestRows[] best, CancellationToken cancellation)
    {
        int dimension = gallery.EmbeddingSize, tile = Tile(dimension), count = queries.Length / dimension;
        ReadOnlySpan<float> values = gallery.Block(block);
        int end = Math.Min(rows.End.Value, values.Length / dimension);
        if (_scores.Length < count * tile) _scores = new float[count * tile];
        for (int first = rows.Start.Value; first < end; first += tile)
        {
            cancellation.ThrowIfCancellationRequested();
            int some = Math.Min(tile, end - first);
            DotProducts.Fill(values.Slice(first * dimension, some * dimension), dimension, queries, dimension, _scores, tile);
            int row = block * gallery.RowsPerBlock + first;
            for (int q = 0; q < count; q++) best[q].Offer(_scores.AsSpan(q * tile, some), row);
        }
    }

    /// <summary>Offers all rows to each query.</summary>
    /// <inheritdoc cref="Scan"/>
    public void ScanAll(EmbeddingBlocks gallery, ReadOnlySpan<float> queries, BestRows[] best, CancellationToken cancellation)
    {
        for (int block = 0; block < gallery.Blocks; block++) Scan(gallery, block, 0..gallery.RowsPerBlock, queries, best, cancellation);
    }
}
