using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>A searchable gallery: embeddings with keys.</summary>
/// <remarks>
/// Finds the rows with the highest cosine to a query, exactly.
/// Every row is compared, so nothing is missed or tuned, and no structure is built. Embeddings are kept as float32 of unit length (4 × D
/// bytes per row). Equal scores are ordered by row, and the same embeddings have bit-identical scores on every processor, so results don't
/// depend on threads, batches or machines. One query is limited by memory bandwidth;
/// <see cref="SwanGallery.SearchMany(ReadOnlySpan{float}, int, CancellationToken)"/> shares each pass over the gallery between up to 96
/// queries, and so do threads that each search for one query at the same time. A search uses as many threads as processors are free
/// (<see cref="Scheduling.SwanResources"/>). Immutable and safe for concurrent use.
/// <example>
/// <code>
/// SwanIndex index = mlContext.Swan().BuildIndex(embedded, "Embedding", "ImagePath");
/// foreach (SwanHit hit in index.SearchCaption(model, "planes parked beside a terminal", k: 5))
///     Console.WriteLine($"{hit.Score:F3} {hit.Key}");
/// </code>
/// </example>
/// </remarks>
public sealed partial class SwanIndex : SwanGallery
{
    private readonly IndexView _view;

    internal SwanIndex(EmbeddingBlocks gallery, List<string> keys, long leftOut, ModelIdentity? model, GivenRange? range)
        : this(new IndexView(gallery, keys, model, range), leftOut)
    {
    }

    private SwanIndex(IndexView view, long leftOut)
    {
        _view = view;
        Keys = view.Keys.AsReadOnly();
        SkippedRows = leftOut;
    }

    /// <summary>Rows that can be found.</summary>
    public override int Count => Gallery.Count;

    /// <summary>D, the length of every embedding.</summary>
    public override int EmbeddingSize => Gallery.EmbeddingSize;

    /// <summary>Rows that were given but can't be found: a value was missing (NaN) or infinite, or all were zero.</summary>
    public long SkippedRows { get; }

    /// <summary>The model that made the embeddings, or null if unknown.</summary>
    /// <remarks>Queries of another model are refused.</remarks>
    public override ModelIdentity? Model => _view.Model;

    /// <summary>Empty: an index in memory has only keys and embeddings.</summary>
    public override IReadOnlyList<SwanColumn> Columns => [];

    internal override GivenRange? GivenRange => _view.GivenRange;

    /// <summary>The rows' keys, by row.</summary>
    /// <remarks>The same key may occur several times.</remarks>
    public IReadOnlyList<string> Keys { get; }

    internal EmbeddingBlocks Gallery => _view.Gallery;

    internal GallerySearch GallerySearch => _view.Search;

    /// <summary>Builds an index from embeddings in memory; for a data view, use <c>mlContext.Swan().BuildIndex</c>.</summary>
    /// <param name="embeddings">
    /// <c>embeddings[row * embeddingSize + d]</c>; copied. Rows that are not of unit length are scaled to it.
    /// </param>
    /// <param name="embeddingSize">D.</param>
    /// <param name="keys">One per row, not empty. Null: the row's number as text, from 0, including rows that are left out.</param>
    /// <param name="model">The model that made the embeddings, such as <c>model.Card.Identity</c>; null if unknown.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentException">The lengths don't match, a key is empty, or no row has a direction.</exception>
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
    /// <param name="model">The model; null: queries of any model are accepted.</param>
    /// <remarks>
    /// Use it only if the two models' embeddings are comparable, such as a model and its quantized form; otherwise the scores are
    /// meaningless.
    /// </remarks>
    /// <returns>An index that shares this one's memory.</returns>
    public SwanIndex ForModel(ModelIdentity? model) => new(_view.For(model, GivenRange), SkippedRows);

    /// <summary>The same index for images read in another range, or in any.</summary>
    /// <param name="range">The range; null: images of any range, bands and value for no data are accepted.</param>
    /// <remarks>
    /// For embeddings in memory, whose range the index doesn't know, and for images that all have 8 bits, so no range changes them.
    /// </remarks>
    /// <returns>An index that shares this one's memory.</returns>
    public SwanIndex ForRange(SampleRange? range) =>
        new(_view.For(Model, range is null ? null : new GivenRange(range) { Samples = GivenRange?.Samples }), SkippedRows);

    internal override GalleryView Enter() => _view;

    internal override void Leave(GalleryView view)
    {
    }

    internal static int Rows(int values, int embeddingSize, string parameter) => values % embeddingSize == 0
        ? values / embeddingSize
        : throw new ArgumentException($"{values:N0} values are not a whole number of embeddings of {embeddingSize}.", parameter);
}
