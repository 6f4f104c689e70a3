using Swan.MLNet.Diagnostics;
using Swan.MLNet.Numerics;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Search;

/// <summary>What one thread needs while it scans: room for scores, the best rows that it has found, and its processor.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed partial class ScanRoom : ISpare
{
    // 128 KiB of rows stay in the second-level cache; scores of one tile are offered together.
    private const int TileValues = 32 * 1024, MaxTile = 256;

    // A tile of which a query may find fewer than one row in so many is read row by row: the whole tile is read faster, but is more.
    private const int Sparse = 4;

    private readonly Heaps _heaps = new();
    private readonly ScanQueries _own = new();
    private readonly int[] _some = new int[MaxTile];
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
    public BestRows[] Begin(int queries)
    {
        _part = null;
        return Best = _heaps.For(queries);
    }

    public void Trim()
    {
        _heaps.Trim();
        _own.Clear();
        _part = null;
    }

    /// <summary>Offers rows of one block to each query.</summary>
    /// <param name="gallery">Is only read.</param>
    /// <param name="block">Which block.</param>
    /// <param name="rows">Which of its rows; cut to those that it has. They begin at a multiple of 64 where there are bytes.</param>
    /// <param name="queries">What is asked.</param>
    /// <param name="best">One for each query, or more, after a reset.</param>
    /// <param name="cancellation">Looked at before each tile.</param>
    public void Scan(
        ScannedRows gallery, int block, Range rows, ScanQueries queries, BestRows[] best, CancellationToken cancellation)
    {
        int end = Math.Min(rows.End.Value, gallery.RowsOf(block));
        if (gallery.Codes is not null) ScanCodes(gallery, block, rows.Start.Value..end, queries, best, cancellation);
        else ScanValues(gallery.Rows, block, rows.Start.Value..end, queries, best, cancellation);
    }

    /// <summary>Takes queries that this thread has for itself.</summary>
    /// <param name="gallery">What they will be asked of.</param>
    /// <param name="queries"><c>queries[q * D + d]</c>, unit length; as many as <see cref="Begin"/> made places for, or fewer.</param>
    public void Take(ScannedRows gallery, ReadOnlyMemory<float> queries)
    {
        _own.Set(queries, gallery);
        _part = null;
    }

    /// <summary>Answers the queries that were taken among all rows: their best rows are in <see cref="Best"/>.</summary>
    /// <param name="gallery">Is only read.</param>
    /// <param name="wanted">What each of the queries asks for.</param>
    /// <param name="cancellation">Ends the work.</param>
    public void Ask(ScannedRows gallery, Wanted wanted, CancellationToken cancellation)
    {
        Ask(gallery, wanted, 0..gallery.Blocks, 0..int.MaxValue, wanted.Mask?.Count ?? gallery.Count, cancellation);
        _own.Clear();
    }

    /// <summary>Answers the queries that were taken among rows of one block.</summary>
    /// <param name="gallery">Is only read.</param>
    /// <param name="wanted">What each of the queries asks for.</param>
    /// <param name="block">Which block.</param>
    /// <param name="rows">Which of its rows, as for <see cref="Scan"/>.</param>
    /// <param name="cancellation">Ends the work.</param>
    public void Ask(ScannedRows gallery, Wanted wanted, int block, Range rows, CancellationToken cancellation) =>
        Ask(gallery, wanted, block..(block + 1), rows, rows.End.Value - rows.Start.Value, cancellation);

    /// <summary>Offers all rows to each query.</summary>
    /// <inheritdoc cref="Scan"/>
    public void ScanAll(ScannedRows gallery, ScanQueries queries, BestRows[] best, CancellationToken cancellation)
    {
        for (int block = 0; block < gallery.Blocks; block++)
            Scan(gallery, block, 0..gallery.RowsOf(block), queries, best, cancellation);
    }

    private void Ask(ScannedRows gallery, Wanted wanted, Range blocks, Range rows, int count, CancellationToken cancellation)
    {
        for (int q = 0; q < _own.Count; q++)
        {
            Best[q].Reset(wanted);
            if (gallery.Codes is not null) Best[q].Candidates.Reset(wanted);
        }
        for (int block = blocks.Start.Value; block < blocks.End.Value; block++) Scan(gallery, block, rows, _own, Best, cancellation);
        if (gallery.Codes is null) return;
        var many = new List<int>();
        for (int q = 0; q < _own.Count; q++)
        {
            if (Best[q].Candidates.AreMany(count)) many.Add(q);
            else Best[q].Candidates.Rank(gallery, _own.Of(q, gallery.Dimension), Best[q], cancellation);
        }
        if (many.Count == 0) return;
        SearchTelemetry.Candidates.Add((long)count * many.Count);
        (ReadOnlyMemory<float> queries, BestRows[] best) = _own.Some(many, Best, gallery.Dimension);
        var some = new ScanQueries();
        some.Set(queries, gallery.Values);
        for (int block = blocks.Start.Value; block < blocks.End.Value; block++)
            Scan(gallery.Values, block, rows, some, best, cancellation);
    }

    private void ScanValues(
        RowBlocks gallery, int block, Range rows, ScanQueries queries, BestRows[] best, CancellationToken cancellation)
    {
        int dimension = gallery.EmbeddingSize, stride = gallery.RowStride, tile = Tile(dimension), end = rows.End.Value;
        ReadOnlySpan<float> values = gallery.Rows(block);
        if (_scores.Length < queries.Count * tile) _scores = new float[queries.Count * tile];
        int firstRow = gallery.FirstRow(block);
        for (int first = rows.Start.Value; first < end; first += tile)
        {
            cancellation.ThrowIfCancellationRequested();
            int some = Math.Min(tile, end - first);
            ReadOnlySpan<float> part = values.Slice(first * stride, (some - 1) * stride + dimension);
            // Queries one after another that want the tile meet it together; without masks these are all.
            for (int q = 0; q < queries.Count;)
            {
                int next = q;
                while (next < queries.Count && Wants(best[next].Wanted.Mask, block, first, some)) next++;
                if (next > q)
                {
                    ReadOnlySpan<float> asked = queries.Values.Slice(q * dimension, (next - q) * dimension);
                    DotProducts.Fill(part, stride, asked, dimension, _scores, tile);
                    for (int i = q; i < next; i++) Offer(best[i], _scores.AsSpan((i - q) * tile, some), block, first, firstRow);
                }
                else
                {
                    OfferSome(part, stride, queries.Values.Slice(q * dimension, dimension), best[next++], block, first, some, firstRow);
                }
                q = next;
            }
        }
    }

    private static bool Wants(RowMask? mask, int block, int first, int count) =>
        mask is null || MaskBits.Count(mask.Block(block), first, count) * Sparse >= count;

    private static void Offer(BestRows best, ReadOnlySpan<float> scores, int block, int first, int firstRow)
    {
        if (best.Wanted.Mask is { } mask) best.Offer(scores, firstRow + first, mask.Block(block), first);
        else best.Offer(scores, firstRow + first);
    }

    private void OfferSome(
        ReadOnlySpan<float> rows, int stride, ReadOnlySpan<float> query, BestRows best, int block, int first, int count, int firstRow)
    {
        int found = MaskBits.Fill(best.Wanted.Mask!.Block(block), first, count, _some);
        if (found == 0) return;
        DotProducts.FillSome(rows, stride, _some.AsSpan(0, found), query, _scores);
        for (int i = 0; i < found; i++) best.Offer(_scores[i], firstRow + first + _some[i]);
    }
}
