using Swan.MLNet.Diagnostics;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Finds the K best rows for each of many queries, exactly. Safe for concurrent use.</summary>
/// <remarks>
/// The gallery is read in tiles that fit a processor's cache, and each tile meets all queries of a chunk before the next is read: memory
/// bandwidth, which limits a single query, is shared by up to <see cref="QueryChunks.Most"/>. Few chunks: all processors work on one
/// chunk (<see cref="RowScan"/>); many chunks: each processor takes chunks of its own (<see cref="ChunkScan"/>). Single queries of several
/// callers share passes (<see cref="SingleQueries"/>). Where there are bytes, a scan reads those and leaves candidates, whose exact scores
/// follow (<see cref="RankScan"/>): the results are the same.
/// </remarks>
internal sealed class GallerySearch
{
    private readonly SingleQueries _singles;
    private readonly SingleQueries _ofValues;
    private readonly Spare<SingleQuery> _spare = new(static () => new SingleQuery(), Environment.ProcessorCount);

    /// <param name="rows">Don't change any more.</param>
    /// <param name="codes">The same rows as bytes; null: scans read <paramref name="rows"/>.</param>
    public GallerySearch(RowBlocks rows, Int8Blocks? codes = null)
    {
        Scanned = new ScannedRows(rows, codes);
        _singles = new SingleQueries(Scanned);
        _ofValues = codes is null ? _singles : new SingleQueries(Scanned.Values);
    }

    /// <summary>The searched rows.</summary>
    public ScannedRows Scanned { get; }

    /// <summary>The rows.</summary>
    public RowBlocks Gallery => Scanned.Rows;

    /// <summary>Room for one query: write its D values into <see cref="SingleQuery.Unit"/>, at unit length.</summary>
    /// <param name="k">At least 1.</param>
    /// <param name="cancellation">Ends the search.</param>
    public SingleQuery Begin(int k, CancellationToken cancellation) => Begin(new Wanted(k), cancellation);

    /// <param name="wanted">What it asks for.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <inheritdoc cref="Begin(int, CancellationToken)"/>
    public SingleQuery Begin(Wanted wanted, CancellationToken cancellation)
    {
        SingleQuery query = _spare.Take();
        query.Begin(Scanned.Dimension, Cut(wanted), cancellation);
        return query;
    }

    /// <summary>Searches for one query.</summary>
    /// <param name="query">From <see cref="Begin(Wanted, CancellationToken)"/>, with values.</param>
    /// <param name="threads">Threads that scan, at most; 0: as many as are free, and the scan is shared with others.</param>
    /// <returns>Best first; until <see cref="End"/>.</returns>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public ReadOnlySpan<(float Score, int Row)> Run(SingleQuery query, int threads = 0)
    {
        query.Cancellation.ThrowIfCancellationRequested();
        if (Scanned.Count == 0 || query.Best[0].Wanted.Mask?.Count == 0) return [];
        ScannedRows read = ReadFor(query.Best[0].Wanted);
        using SearchTelemetry.Run measured = Measure(1, query.Best[0].Wanted, read);
        if (threads == 0 && !RowScan.IsTiny(Scanned, 1)) (read == Scanned ? _singles : _ofValues).Run(query);
        else RunAlone(read, query, threads);
        Rank(read, query.Unit, query.Best, waits: false, threads, query.Cancellation);
        measured.Succeeded();
        return query.Best[0].Sorted();
    }

    /// <summary>Gives the room of a query back after its results were copied; not after an exception.</summary>
    public void End(SingleQuery query) => _spare.GiveBack(query);

    /// <summary>Searches for the K best rows of many queries, with as many threads as are free.</summary>
    public void Run(ReadOnlyMemory<float> queries, int k, IFoundRows found, CancellationToken cancellation) =>
        Run(queries, new Wanted(k), 0, found, cancellation);

    /// <summary>Searches for many queries.</summary>
    /// <param name="queries"><c>queries[q * D + d]</c>, unit length.</param>
    /// <param name="wanted">What each of them asks for.</param>
    /// <param name="threads">Threads that scan, at most; 0: as many as are free.</param>
    /// <param name="found">Gets the results of each query.</param>
    /// <param name="cancellation">
    /// Cancels the search within about a millisecond. A query whose thread also scans for others continues to the end of that pass while
    /// one of them wants it.
    /// </param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Run(ReadOnlyMemory<float> queries, Wanted wanted, int threads, IFoundRows found, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int dimension = Scanned.Dimension, count = queries.Length / dimension;
        if (count == 0) return;
        if (count == 1)
        {
            SingleQuery query = Begin(wanted, cancellation);
            queries.Span[..dimension].CopyTo(query.Unit);
            found.Found(0, Run(query, threads));
            End(query);
            return;
        }
        if (Scanned.Count == 0 || wanted.Mask?.Count == 0)
        {
            for (int q = 0; q < count; q++) found.Found(q, []);
            return;
        }
        wanted = Cut(wanted);
        ScannedRows read = ReadFor(wanted);
        using SearchTelemetry.Run measured = Measure(count, wanted, read);
        var chunks = new QueryChunks(count);
        int most = threads == 0 ? SharedScan.Threads : Math.Min(threads, SharedScan.Threads);
        if (chunks.Count >= 2 * most) new ChunkScan(read, queries, wanted, chunks, found).Run(threads, cancellation);
        else RunByRows(read, queries, wanted, threads, chunks, found, cancellation);
        measured.Succeeded();
    }

    private static void Rank(
        ScannedRows read, ReadOnlyMemory<float> queries, BestRows[] best, bool waits, int threads, CancellationToken cancellation)
    {
        if (read.Codes is null) return;
        RankScan rank = RankScan.All.Take();
        rank.Run(read, queries, best, waits, cancellation, threads);
        RankScan.All.GiveBack(rank);
    }

    // Sooner done than said to another thread, or not to be said.
    private static void RunAlone(ScannedRows read, SingleQuery query, int threads)
    {
        RowScan scan = RowScan.All.Take();
        scan.Run(read, query.Unit, query.Best, waits: false, query.Cancellation, isUnwanted: null, threads);
        RowScan.All.GiveBack(scan);
    }

    private SearchTelemetry.Run Measure(int queries, Wanted wanted, ScannedRows read) =>
        SearchTelemetry.Start(queries, RowsFor(wanted), read.Codes is not null);

    private void RunByRows(
        ScannedRows read, ReadOnlyMemory<float> queries, Wanted wanted, int threads, QueryChunks chunks, IFoundRows found,
        CancellationToken cancellation)
    {
        RowScan scan = RowScan.All.Take();
        BestRows[] best = scan.Places(chunks.Size);
        for (int chunk = 0; chunk < chunks.Count; chunk++)
        {
            ReadOnlyMemory<float> part = chunks.Part(queries, chunk, read.Dimension);
            int count = part.Length / read.Dimension;
            for (int q = 0; q < count; q++) best[q].Reset(wanted);
            scan.Run(read, part, best, waits: true, cancellation, isUnwanted: null, threads);
            Rank(read, part, best, waits: true, threads, cancellation);
            for (int q = 0; q < count; q++) found.Found(chunks.First(chunk) + q, best[q].Sorted());
        }
        RowScan.All.GiveBack(scan);
    }

    // Bytes leave candidates, which doesn't help if most rows are wanted.
    private ScannedRows ReadFor(Wanted wanted) => Candidates.WouldBeMany(wanted, RowsFor(wanted)) ? Scanned.Values : Scanned;

    private int RowsFor(Wanted wanted) => wanted.Mask?.Count ?? Scanned.Count;

    private Wanted Cut(Wanted wanted) => wanted with { K = Math.Max(1, Math.Min(wanted.K, RowsFor(wanted))) };
}
