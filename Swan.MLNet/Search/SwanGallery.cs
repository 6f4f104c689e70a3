using System.Diagnostics.CodeAnalysis;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Embeddings with keys, and searches over them: an index in memory, or a living one in a folder.</summary>
/// <remarks>
/// Every search is exact, without misses or tuning. Results come by falling score, equal scores by row. The same rows have bit-identical
/// scores on every processor, whatever else is running. A search uses as many threads as processors are free
/// (<see cref="Scheduling.SwanResources"/>), and concurrent searches share passes over memory. A living gallery answers each search from
/// its latest state. Safe for concurrent use.
/// </remarks>
public abstract partial class SwanGallery
{
    private protected SwanGallery()
    {
    }

    /// <summary>Rows that can be found.</summary>
    public abstract int Count { get; }

    /// <summary>D, the length of every embedding.</summary>
    public abstract int EmbeddingSize { get; }

    /// <summary>The model that made the embeddings, or null if unknown.</summary>
    /// <remarks>Queries of another model are refused.</remarks>
    public abstract ModelIdentity? Model { get; }

    /// <summary>The range in which the images' samples were read, if the caller gave one.</summary>
    /// <remarks>
    /// Null if the model's rule applied, the rows are not images, or the range is unknown. Images of another range are refused.
    /// </remarks>
    public SampleRange? Range => GivenRange?.Range;

    /// <summary>The TIFF bands that the images were read from, counted from 1, if the caller gave them.</summary>
    /// <remarks>Null otherwise, as for <see cref="Range"/>. Images of other bands are refused.</remarks>
    public IReadOnlyList<int>? Bands => GivenRange?.Samples?.Bands?.Numbers;

    /// <summary>The TIFF sample that meant no data, if the caller gave it; null otherwise.</summary>
    /// <remarks>Images with another one are refused.</remarks>
    public double? NoData => GivenRange?.Samples?.NoData;

    /// <summary>The columns that filters can name; empty if rows have only a key and an embedding.</summary>
    public abstract IReadOnlyList<SwanColumn> Columns { get; }

    internal abstract GivenRange? GivenRange { get; }

    /// <summary>Looks up a row.</summary>
    /// <param name="key">Its key. If several rows have it, the first is used.</param>
    /// <param name="row">The row in the gallery.</param>
    /// <returns>False if no row has the key.</returns>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    public bool TryGet(string key, [NotNullWhen(true)] out SwanRow? row)
    {
        ArgumentNullException.ThrowIfNull(key);
        GalleryView view = Enter();
        try
        {
            row = view.TryFind(key, out int number)
                ? new SwanRow(view.KeyOf(number), view.Search.Scanned.Row(number).ToArray(), view.ValuesOf(number))
                : null;
            return row is not null;
        }
        finally
        {
            Leave(view);
        }
    }

    /// <summary>Finds the rows that are most similar to a query.</summary>
    /// <param name="query">D values of any length but zero.</param>
    /// <param name="k">How many, at least 1. Fewer come back when the gallery has fewer rows.</param>
    /// <returns>By falling score; equal scores by row.</returns>
    /// <exception cref="ArgumentException">
    /// The query doesn't have D values, or has no direction: a value is missing (NaN) or infinite, or all are zero.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    public SwanHit[] Search(ReadOnlySpan<float> query, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        GalleryView view = Enter();
        try
        {
            return Search(view, query, new Wanted(k, float.NegativeInfinity, view.Present), skip: 0, threads: 0, CancellationToken.None);
        }
        finally
        {
            Leave(view);
        }
    }

    /// <summary>Finds the rows that are most similar to each of many queries, several times as fast per query as one at a time.</summary>
    /// <param name="queries"><c>queries[q * D + d]</c>, of any length but zero.</param>
    /// <param name="k">How many per query, at least 1. Fewer come back when the gallery has fewer rows.</param>
    /// <param name="cancellationToken">Cancels the search within milliseconds; a query whose thread makes a pass for other callers ends
    /// with that pass.</param>
    /// <returns>For each query its results by falling score; equal scores by row.</returns>
    /// <exception cref="ArgumentException">The queries don't have D values each, or one has no direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="SwanFormatException">A file of the index is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanHit[][] SearchMany(ReadOnlySpan<float> queries, int k, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return SearchMany(queries, new SwanGallerySearchOptions { K = k }, cancellationToken);
    }

    /// <summary>Pins the latest state until <see cref="Leave"/>.</summary>
    internal abstract GalleryView Enter();

    /// <summary>Ends the use of a state.</summary>
    internal abstract void Leave(GalleryView view);

    private static SwanHit[] Search(
        GalleryView view, ReadOnlySpan<float> query, Wanted wanted, int skip, int threads, CancellationToken cancellation)
    {
        if (query.Length != view.EmbeddingSize)
        {
            throw new ArgumentException(
                $"The query has {query.Length} values, but the index holds embeddings of {view.EmbeddingSize}. "
                + $"Embed the query with the index's model{(view.Model is null ? "" : $", {view.Model}")}.",
                nameof(query));
        }
        SingleQuery room = view.Search.Begin(wanted, cancellation);
        if (!UnitVector.TryNormalize(query, room.Unit)) throw NoDirection(0, nameof(query));
        ReadOnlySpan<(float Score, int Row)> best = view.Search.Run(room, threads);
        SwanHit[] hits = view.Hits(best[Math.Min(skip, best.Length)..]);
        view.Search.End(room);
        return hits;
    }

    private static ArgumentException NoDirection(int query, string parameter) => new(
        $"Query {query} has no direction: a value is missing (NaN) or infinite, or all are zero. Nothing can be similar to it.", parameter);
}
