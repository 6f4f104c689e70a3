using Swan.MLNet.Numerics;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Search;

/// <summary>Finds the K best rows for each of many queries, exactly.</summary>
/// <remarks>
/// The gallery is read in tiles that fit a processor's cache, and each tile meets all queries of a chunk before the next is read: memory
/// bandwidth, which limits a single query, is shared by up to <see cref="MaxChunk"/>. Few chunks: all processors work on one chunk,
/// block by block; many chunks: each processor takes chunks of its own.
/// </remarks>
internal static class GallerySearch
{
    private const int MaxChunk = 96;

    // 128 KiB: beside the queries of a chunk it stays in the second-level cache.
    private const int TileValues = 32 * 1024;
    private const int MaxTile = 256;

    /// <param name="gallery">Is only read.</param>
    /// <param name="queries"><c>queries[q * D + d]</c>, unit length.</param>
    /// <param name="k">At least 1.</param>
    /// <param name="found">Gets the results of each query, best first; called by several threads at once.</param>
    /// <param name="cancellationToken">Ends the search within a millisecond or so.</param>
    public static void Run(
        Gallery gallery, ReadOnlyMemory<float> queries, int k, Action<int, (float Score, int Row)[]> found,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int count = queries.Length / gallery.EmbeddingSize;
        if (count == 0) return;
        k = Math.Max(1, Math.Min(k, gallery.Count));
        int chunks = (count + MaxChunk - 1) / MaxChunk;
        // Chunks of equal size: a rest of two queries would cost a whole pass of its own.
        int size = (count + chunks - 1) / chunks;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };

        if (chunks >= 2 * parallel.MaxDegreeOfParallelism || gallery.Blocks <= 1)
        {
            if (chunks == 1) Chunk(0);
            else ParallelWork.Run(() => Parallel.For(0, chunks, parallel, Chunk));
        }
        else
        {
            for (int chunk = 0; chunk < chunks; chunk++) ChunkByBlocks(chunk);
        }

        void Chunk(int chunk)
        {
            ReadOnlySpan<float> part = Part(chunk).Span;
            BestRows[] best = New(part.Length);
            for (int block = 0; block < gallery.Blocks; block++) Scan(gallery, block, part, best, cancellationToken);
            Deliver(chunk, best);
        }

        void ChunkByBlocks(int chunk)
        {
            ReadOnlyMemory<float> part = Part(chunk);
            BestRows[] merged = New(part.Length);
            ParallelWork.Run(() => Parallel.For(
                0, gallery.Blocks, parallel,
                () => New(part.Length),
                (block, _, best) =>
                {
                    Scan(gallery, block, part.Span, best, cancellationToken);
                    return best;
                },
                best =>
                {
                    lock (merged)
                    {
                        for (int q = 0; q < best.Length; q++) merged[q].Merge(best[q]);
                    }
                }));
            Deliver(chunk, merged);
        }

        ReadOnlyMemory<float> Part(int chunk)
        {
            int first = chunk * size;
            return queries.Slice(first * gallery.EmbeddingSize, Math.Min(size, count - first) * gallery.EmbeddingSize);
        }

        BestRows[] New(int values)
        {
            var best = new BestRows[values / gallery.EmbeddingSize];
            for (int q = 0; q < best.Length; q++) best[q] = new BestRows(k);
            return best;
        }

        void Deliver(int chunk, BestRows[] best)
        {
            for (int q = 0; q < best.Length; q++) found(chunk * size + q, best[q].Take());
        }
    }

    private static void Scan(Gallery gallery, int block, ReadOnlySpan<float> queries, BestRows[] best, CancellationToken cancellationToken)
    {
        int dimension = gallery.EmbeddingSize;
        ReadOnlySpan<float> rows = gallery.Block(block);
        int tile = Math.Clamp(TileValues / dimension, 4, MaxTile);
        Span<float> scores = queries.Length == dimension ? stackalloc float[MaxTile] : new float[best.Length * tile];
        for (int start = 0; start < rows.Length; start += tile * dimension)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<float> part = rows.Slice(start, Math.Min(tile * dimension, rows.Length - start));
            DotProducts.Fill(part, queries, dimension, scores, tile);
            int first = block * gallery.RowsPerBlock + start / dimension;
            for (int q = 0; q < best.Length; q++) best[q].Offer(scores.Slice(q * tile, part.Length / dimension), first);
        }
    }
}
