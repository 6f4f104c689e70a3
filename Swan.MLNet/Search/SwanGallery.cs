using System.Diagnostics.CodeAnalysis;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Embeddings with a key each, and the questions about them: an index in memory, or one that lives in a folder.</summary>
/// <remarks>
/// Every answer is exact: nothing is missed, and nothing has to be tuned. Results come by falling score, equal scores by row, and the same
/// rows have scores of the same bits on every processor, whatever searches at the same time. A search takes as many threads as processors
/// are free (<see cref="Scheduling.SwanResources"/>), and searches that come at the same time share passes over memory. A gallery that
/// lives answers each question by its latest state. Safe for concurrent use.
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

    /// <summary>The model that made the embeddings, or null when nobody said.</summary>
    /// <remarks>Queries of another model are refused.</remarks>
    public abstract ModelIdentity? Model { get; }

    /// <summary>The range in which the images' samples were read, where the caller gave one.</summary>
    /// <remarks>
    /// Null where the model's rule held, where the rows are no images, or where nobody said. Images of another range are refused.
    /// </remarks>
    public SampleRange? Range => GivenRange?.Range;

    /// <summary>The bands of TIFFs that the images were read from, counted from 1, where the caller gave them.</summary>
    /// <remarks>Null otherwise, as for <see cref="Range"/>. Images of other bands are refused.</remarks>
    public IReadOnlyList<int>? Bands => GivenRange?.Samples?.Bands?.Numbers;

    /// <summary>The sample of TIFFs that stood for no data, where the caller gave it; null otherwise.</summary>
    /// <remarks>Images of another one are refused.</remarks>
    public double? NoData => GivenRange?.Samples?.NoData;

    /// <summary>The columns that filters can name; empty where rows have nothing but a key and an embedding.</summary>
    public abstract IReadOnlyList<SwanColumn> Columns { get; }

    internal abstract GivenRange? GivenRange { get; }

    /// <summary>Looks a row up.</summary>
    /// <param name="key">Its key. Where several rows have it, the first is taken.</param>
    /// <param name="row">What the gallery holds of it.</param>
    /// <returns>False where no row has the key.</returns>
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

    /// <summary>Finds the rows that are most similar to each of many queries: per query several times as fast as one at a time.</summary>
    /// <param name="queries"><c>queries[q * D + d]</c>, of any length but zero.</param>
    /// <param name="k">How many per query, at least 1. Fewer come back when the gallery has fewer rows.</param>
    /// <param name="cancellationToken">Ends the search within milliseconds; one query whose thread makes a pass that it shares with other
    /// callers' ends with that pass.</param>
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
