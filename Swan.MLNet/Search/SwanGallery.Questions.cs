using System.Runtime.CompilerServices;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

public abstract partial class SwanGallery
{
    /// <summary>Finds the rows that are most similar to a query, as the options say.</summary>
    /// <param name="query">D values of any length but zero.</param>
    /// <param name="options">How many results, how many to skip, the lowest score. Null: the ten best.</param>
    /// <param name="cancellationToken">Cancels the search within milliseconds, or after a pass that it also makes for other
    /// searches.</param>
    /// <returns>By falling score; equal scores by row.</returns>
    /// <exception cref="ArgumentException">The query doesn't have D values, or has no direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="Metadata.SwanFilterException">The filter doesn't match the columns.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    [OverloadResolutionPriority(1)]
    public SwanHit[] Search(
        ReadOnlySpan<float> query, SwanGallerySearchOptions? options, CancellationToken cancellationToken = default)
    {
        SwanGallerySearchOptions asked = Checked(options);
        GalleryView view = Enter();
        try
        {
            return Search(view, query, asked.Wanted(view, cancellationToken), asked.Skip, asked.Threads, cancellationToken);
        }
        finally
        {
            Leave(view);
        }
    }

    /// <summary>Finds the rows that are most similar to each of many queries, as the options say; faster than one at a time.</summary>
    /// <param name="queries"><c>queries[q * D + d]</c>, of any length but zero.</param>
    /// <param name="options">How many results per query, how many to skip, the lowest score. Null: the ten best.</param>
    /// <param name="cancellationToken">Cancels the search within milliseconds.</param>
    /// <returns>For each query its results by falling score; equal scores by row.</returns>
    /// <exception cref="ArgumentException">The queries don't have D values each, or one has no direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="Metadata.SwanFilterException">The filter doesn't match the columns.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    [OverloadResolutionPriority(1)]
    public SwanHit[][] SearchMany(
        ReadOnlySpan<float> queries, SwanGallerySearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        SwanGallerySearchOptions asked = Checked(options);
        GalleryView view = Enter();
        try
        {
            int size = view.EmbeddingSize, count = SwanIndex.Rows(queries.Length, size, nameof(queries));
            float[] units = new float[queries.Length];
            for (int q = 0; q < count; q++)
            {
                if (!UnitVector.TryNormalize(queries.Slice(q * size, size), units.AsSpan(q * size, size)))
                    throw NoDirection(q, nameof(queries));
            }
            var found = new FoundHits(view, count, asked.Skip);
            view.Search.Run(units, asked.Wanted(view, cancellationToken), asked.Threads, found, cancellationToken);
            return found.Hits;
        }
        finally
        {
            Leave(view);
        }
    }

    /// <summary>Finds the rows most similar to a row of the gallery, without that row.</summary>
    /// <param name="key">The row's key. If several rows have it, the first is used, and the others can be found.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <returns>By falling score; equal scores by row.</returns>
    /// <exception cref="KeyNotFoundException">No row has the key.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    public SwanHit[] SearchLike(string key, int k) => SearchLike(key, Best(k));

    /// <summary>Finds the rows most similar to a row of the gallery, without that row, as the options say.</summary>
    /// <param name="key">The row's key. If several rows have it, the first is used, and the others can be found.</param>
    /// <param name="options">How many results, how many to skip, the lowest score. Null: the ten best.</param>
    /// <param name="cancellationToken">Cancels the search within milliseconds, or after a pass that it also makes for other
    /// searches.</param>
    /// <returns>By falling score; equal scores by row.</returns>
    /// <remarks>The row's copies come first. Scores of images have the scale of <see cref="SwanHit.Score"/>.</remarks>
    /// <exception cref="KeyNotFoundException">No row has the key.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="Metadata.SwanFilterException">The filter doesn't match the columns.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    [OverloadResolutionPriority(1)]
    public SwanHit[] SearchLike(string key, SwanGallerySearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        SwanGallerySearchOptions asked = Checked(options);
        GalleryView view = Enter();
        try
        {
            int row = view.RowOf(key);
            Wanted wanted = asked.Wanted(view, cancellationToken) with { Excluded = [row] };
            return Search(view, view.Search.Scanned.Row(row), wanted, asked.Skip, asked.Threads, cancellationToken);
        }
        finally
        {
            Leave(view);
        }
    }

    private static SwanGallerySearchOptions Checked(SwanGallerySearchOptions? options)
    {
        SwanGallerySearchOptions copy = options?.Copy() ?? new SwanGallerySearchOptions();
        copy.Check();
        return copy;
    }

    private sealed class FoundHits(GalleryView view, int queries, int skip) : IFoundRows
    {
        public SwanHit[][] Hits { get; } = new SwanHit[queries][];

        public void Found(int query, ReadOnlySpan<(float Score, int Row)> best) =>
            Hits[query] = view.Hits(best[Math.Min(skip, best.Length)..]);
    }
}
