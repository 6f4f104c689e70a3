using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Finds the K best rows for each of many queries, exactly. Safe for concurrent use.</summary>
/// <remarks>
/// The gallery is read in tiles that fit a processor's cache, and each tile meets all queries of a chunk before the next is read: memory
/// bandwidth, which limits a single query, is shared by up to <see cref="QueryChunks.Most"/>. Few chunks: all processors work on one
/// chunk (<see cref="RowScan"/>); many chunks: each processor takes chunks of its own (<see cref="ChunkScan"/>). Single queries of several
/// callers share passes (<see cref="SingleQueries"/>).
/// </remarks>
/// <param name="gallery">Doesn't change any more.</param>
internal sealed class GallerySearch(EmbeddingBlocks gallery)
{
    private readonly SingleQueries _singles = new(gallery);
    private readonly Spare<SingleQuery> _spare = new(static () => new SingleQuery(), Environment.ProcessorCount);

    public EmbeddingBlocks Gallery => gallery;

    /// <summary>Room for one query: write its D values into <see cref="SingleQuery.Unit"/>, at unit length.</summary>
    /// <param name="k">At least 1.</param>
    /// <param name="cancellation">Ends the search.</param>
    public SingleQuery Begin(int k, CancellationToken cancellation)
    {
        SingleQuery query = _spare.Take();
        query.Begin(gallery.EmbeddingSize, Cut(k), cancellation);
        return query;
    }

    /// <summary>Searches for one query.</summary>
    /// <param name="query">From <see cref="Begin"/>, with values.</param>
    /// <returns>Best first; until <see cref="End"/>.</returns>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public ReadOnlySpan<(float Score, int Row)> Run(SingleQuery query)
    {
        query.Cancellation.ThrowIfCancellationRequested();
        if (!RowScan.IsTiny(gallery, 1)) _singles.Run(query);
        else if (gallery.Count > 0) RunAlone(query);
        return query.Best[0].Sorted();
    }

    /// <summary>Gives the room of a query back after its results were copied; not after an exception.</summary>
    public void End(SingleQuery query) => _spare.GiveBack(query);

    /// <summary>Searches for many queries.</summary>
    /// <param name="queries"><c>queries[q * D + d]</c>, unit length.</param>
    /// <param name="k">At least 1.</param>
    /// <param name="found">Gets the results of each query.</param>
    /// <param name="cancellation">
    /// Ends the search within a millisecond or so. One query whose thread scans for others, too, goes on to the end of that pass while one
    /// of them wants it.
    /// </param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Run(ReadOnlyMemory<float> queries, int k, IFoundRows found, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int dimension = gallery.EmbeddingSize, count = queries.Length / dimension;
        if (count == 0) return;
        if (count == 1)
        {
            SingleQuery query = Begin(k, cancellation);
            queries.Span[..dimension].CopyTo(query.Unit);
            found.Found(0, Run(query));
            End(query);
            return;
        }
        var chunks = new QueryChunks(count);
        if (chunks.Count >= 2 * SharedScan.Threads) new ChunkScan(gallery, queries, Cut(k), chunks, found).Run(cancellation);
        else RunByRows(queries, Cut(k), chunks, found, cancellation);
    }

    private void RunByRows(ReadOnlyMemory<float> queries, int k, QueryChunks chunks, IFoundRows found, CancellationToken cancellation)
    {
        RowScan scan = RowScan.All.Take();
        BestRows[] best = scan.Places(chunks.Size);
        for (int chunk = 0; chunk < chunks.Count; chunk++)
        {
            ReadOnlyMemory<float> part = chunks.Part(queries, chunk, gallery.EmbeddingSize);
            int count = part.Length / gallery.EmbeddingSize;
            for (int q = 0; q < count; q++) best[q].Reset(k);
            scan.Run(gallery, part, best, waits: true, cancellation);
            for (int q = 0; q < count; q++) found.Found(chunks.First(chunk) + q, best[q].Sorted());
        }
        RowScan.All.GiveBack(scan);
    }

    // Sooner done than said to another thread.
    private void RunAlone(SingleQuery query)
    {
        RowScan scan = RowScan.All.Take();
        scan.Run(gallery, query.Unit, query.Best, waits: false, query.Cancellation);
        RowScan.All.GiveBack(scan);
    }

    private int Cut(int k) => Math.Max(1, Math.Min(k, gallery.Count));
}
