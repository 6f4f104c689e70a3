using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>A searchable gallery: embeddings with a key each. Finds the rows with the highest cosine to a query, exactly.</summary>
/// <remarks>
/// Every row is compared, so nothing is missed and nothing has to be tuned; there is no structure to build. Embeddings are kept as float32
/// of unit length (4 × D bytes a row). Equal scores are ordered by row, and the same embeddings have scores of the same bits on every
/// processor, so that results don't depend on threads, batches or machines. One query is limited by memory bandwidth;
/// <see cref="SearchMany"/> shares each pass over the gallery between up to 96 queries, and so do threads that call <see cref="Search"/>
/// at the same time. A search takes as many threads as processors are free (<see cref="Scheduling.SwanResources"/>). Immutable and safe
/// for concurrent use.
/// <example>
/// <code>
/// SwanIndex index = mlContext.Swan().BuildIndex(embedded, "Embedding", "ImagePath");
/// foreach (SwanHit hit in index.SearchCaption(model, "planes parked beside a terminal", k: 5))
///     Console.WriteLine($"{hit.Score:F3} {hit.Key}");
/// </code>
/// </example>
/// </remarks>
public sealed partial class SwanIndex
{
    private readonly GallerySearch _search;
    private readonly List<string> _keys;

    internal SwanIndex(EmbeddingBlocks gallery, List<string> keys, long leftOut, ModelIdentity? model, GivenRange? range)
        : this(new GallerySearch(gallery), keys, leftOut, model, range)
    {
    }

    private SwanIndex(GallerySearch search, List<string> keys, long leftOut, ModelIdentity? model, GivenRange? range)
    {
        _search = search;
        _keys = keys;
        Keys = keys.AsReadOnly();
        SkippedRows = leftOut;
        Model = model;
        GivenRange = range;
    }

    /// <summary>Rows that can be found.</summary>
    public int Count => Gallery.Count;

    /// <summary>D, the length of every embedding.</summary>
    public int EmbeddingSize => Gallery.EmbeddingSize;

    /// <summary>Rows that were given but can't be found: a value was missing (NaN) or infinite, or all were zero.</summary>
    public long SkippedRows { get; }

    /// <summary>The model that made the embeddings, or null when nobody said. Queries of another model are refused.</summary>
    public ModelIdentity? Model { get; }

    /// <summary>
    /// The range in which the images' samples were read, where the caller gave one; null where the model's rule held, where the rows are no
    /// images, or where nobody said. Images of another range are refused.
    /// </summary>
    public SampleRange? Range => GivenRange?.Range;

    internal GivenRange? GivenRange { get; }

    /// <summary>The rows' keys, by row. The same key may occur several times.</summary>
    public IReadOnlyList<string> Keys { get; }

    internal EmbeddingBlocks Gallery => _search.Gallery;

    internal GallerySearch GallerySearch => _search;

    /// <summary>Builds an index from embeddings in memory; <c>mlContext.Swan().BuildIndex</c> does so from a data view.</summary>
    /// <param name="embeddings">
    /// <c>embeddings[row * embeddingSize + d]</c>; copied. Rows that are not of unit length are scaled to it.
    /// </param>
    /// <param name="embeddingSize">D.</param>
    /// <param name="keys">One per row, not empty. Null: the row's number as text, from 0, counted before rows are left out.</param>
    /// <param name="model">The model that made the embeddings, such as <c>model.Card.Identity</c>; null if unknown.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The lengths don't fit each other, a key is empty, or no row has a direction.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static SwanIndex Build(
        ReadOnlySpan<float> embeddings, int embeddingSize, IReadOnlyList<string>? keys = null, ModelIdentity? model = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(embeddingSize, 1);
        int rows = Rows(embeddings.Length, embeddingSize, nameof(embeddings));
        if (keys is not null && keys.Count != rows)
        {
            throw new ArgumentException(
                $"There are {rows:N0} embeddings of {embeddingSize} values, but {keys.Count:N0} keys; expected one key per embedding.",
                nameof(keys));
        }
        var builder = new SwanIndexBuilder(embeddingSize);
        for (int row = 0; row < rows; row++)
        {
            if (row % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
            string? key = keys?[row];
            if (keys is not null && SwanIndexBuilder.KeyFault(key) is { } fault)
                throw new ArgumentException($"The key of row {row} {fault}", nameof(keys));
            builder.Add(embeddings.Slice(row * embeddingSize, embeddingSize), key);
        }
        return builder.Finish(model, range: null);
    }

    /// <summary>The same index for embeddings of another model.</summary>
    /// <param name="model">Null: queries of any model are taken.</param>
    /// <remarks>
    /// Only where the two models' embeddings are comparable, such as a model and its quantized form; otherwise the scores mean nothing.
    /// </remarks>
    /// <returns>An index that shares this one's memory.</returns>
    public SwanIndex ForModel(ModelIdentity? model) => new(_search, _keys, SkippedRows, model, GivenRange);

    /// <summary>The same index for images that were read in another range, or in any.</summary>
    /// <param name="range">Null: images of any range are taken.</param>
    /// <remarks>
    /// For embeddings in memory, of which an index knows no range, and where all images have 8 bits, so that no range changes them.
    /// </remarks>
    /// <returns>An index that shares this one's memory.</returns>
    public SwanIndex ForRange(SampleRange? range) =>
        new(_search, _keys, SkippedRows, Model, range is null ? null : new GivenRange(range));

    /// <summary>Finds the rows that are most similar to a query.</summary>
    /// <param name="query">D values of any length but zero.</param>
    /// <param name="k">How many, at least 1. Fewer come back when the index has fewer rows.</param>
    /// <returns>By falling score; equal scores by row.</returns>
    /// <exception cref="ArgumentException">
    /// The query doesn't have D values, or has no direction: a value is missing (NaN) or infinite, or all are zero.
    /// </exception>
    public SwanHit[] Search(ReadOnlySpan<float> query, int k)
    {
        if (query.Length != EmbeddingSize)
        {
            throw new ArgumentException(
                $"The query has {query.Length} values, but the index holds embeddings of {EmbeddingSize}. "
                + $"Embed the query with the index's model{(Model is null ? "" : $", {Model}")}.",
                nameof(query));
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        SingleQuery room = _search.Begin(k, CancellationToken.None);
        if (!UnitVector.TryNormalize(query, room.Unit)) throw NoDirection(0, nameof(query));
        SwanHit[] hits = Hits(_search.Run(room));
        _search.End(room);
        return hits;
    }

    /// <summary>Finds the rows that are most similar to each of many queries: per query several times as fast as one at a time.</summary>
    /// <param name="queries"><c>queries[q * D + d]</c>, of any length but zero.</param>
    /// <param name="k">How many per query, at least 1. Fewer come back when the index has fewer rows.</param>
    /// <param name="cancellationToken">Ends the search within milliseconds; one query whose thread makes a pass that it shares with other
    /// callers' ends with that pass.</param>
    /// <returns>For each query its results by falling score; equal scores by row.</returns>
    /// <exception cref="ArgumentException">The queries don't have D values each, or one has no direction.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanHit[][] SearchMany(ReadOnlySpan<float> queries, int k, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        int count = Rows(queries.Length, EmbeddingSize, nameof(queries));
        float[] units = new float[queries.Length];
        for (int q = 0; q < count; q++)
        {
            if (!UnitVector.TryNormalize(queries.Slice(q * EmbeddingSize, EmbeddingSize), units.AsSpan(q * EmbeddingSize, EmbeddingSize)))
                throw NoDirection(q, nameof(queries));
        }
        var found = new FoundHits(this, count);
        _search.Run(units, k, found, cancellationToken);
        return found.Hits;
    }

    /// <summary>Finds the rows that fit a caption or query text best.</summary>
    /// <param name="model">The model that made the index's embeddings.</param>
    /// <param name="caption">
    /// A text with a word that the model knows (<see cref="SwanModel.HasWords"/>). What exceeds the model's length is ignored
    /// (<see cref="SwanModel.IsTruncated"/>), counted and logged.
    /// </param>
    /// <param name="k">How many, at least 1.</param>
    /// <exception cref="SwanMismatchException">The index holds embeddings of another model.</exception>
    /// <exception cref="Text.SwanTextException">The model knows no word of the caption.</exception>
    public SwanHit[] SearchCaption(SwanModel model, string caption, int k) => Search(ForQuery(model).EmbedCaption(caption), k);

    /// <summary>Finds the rows that look most like an image.</summary>
    /// <param name="model">The model that made the index's embeddings.</param>
    /// <param name="imagePath">A file of one of the <see cref="Imaging.ImageDecoder.Formats"/>.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <exception cref="SwanMismatchException">The index holds embeddings of another model, or the model reads images in another
    /// range.</exception>
    /// <exception cref="Imaging.SwanImageException">The file is missing, or not an image that can be read whole.</exception>
    public SwanHit[] SearchImage(SwanModel model, string imagePath, int k)
    {
        var range = new GivenRange(ForQuery(model).Decoding.Range);
        return GivenRange.Agree(GivenRange, range)
            ? Search(model.EmbedImage(imagePath), k)
            : throw new SwanMismatchException(
                $"The index's images were read with {GivenRange}, but the model reads the query's image with {range}: "
                + $"{GivenRange.Consequence}: open the model with SwanModelOptions.Decoding, or build the index again.");
    }

    private static int Rows(int values, int embeddingSize, string parameter) => values % embeddingSize == 0
        ? values / embeddingSize
        : throw new ArgumentException($"{values:N0} values are not a whole number of embeddings of {embeddingSize}.", parameter);

    private static ArgumentException NoDirection(int query, string parameter) => new(
        $"Query {query} has no direction: a value is missing (NaN) or infinite, or all are zero. Nothing can be similar to it.", parameter);

    private SwanHit[] Hits(ReadOnlySpan<(float Score, int Row)> best)
    {
        var hits = new SwanHit[best.Length];
        for (int i = 0; i < hits.Length; i++) hits[i] = new SwanHit(_keys[best[i].Row], best[i].Row, best[i].Score);
        return hits;
    }

    /// <summary>A model that queries may be embedded with.</summary>
    /// <exception cref="SwanMismatchException">The index holds embeddings of another model.</exception>
    internal SwanModel ForQuery(SwanModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelIdentity.Agree(Model, model.Card.Identity)
            ? model
            : throw new SwanMismatchException(
                $"The index holds embeddings of {Model}, but the query is for {model.Card.Identity}: "
                + $"{ModelIdentity.Consequence(Model, model.Card.Identity)} Search with the index's model, or embed the images with "
                + $"{model.Card.Identity} and build the index again with BuildIndex or SwanIndex.Build.");
    }
    private sealed class FoundHits(SwanIndex index, int queries) : IFoundRows
    {
        public SwanHit[][] Hits { get; } = new SwanHit[queries][];

        public void Found(int query, ReadOnlySpan<(float Score, int Row)> best) => Hits[query] = index.Hits(best);
    }
}
