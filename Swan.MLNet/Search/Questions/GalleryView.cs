using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Search;

/// <summary>One state of a gallery, which stays as it is while a question is answered.</summary>
internal abstract class GalleryView
{
    /// <summary>Its rows, and the searches over them.</summary>
    public abstract GallerySearch Search { get; }

    /// <summary>The model that made the embeddings, or null if unknown.</summary>
    public abstract ModelIdentity? Model { get; }

    /// <summary>See <see cref="SwanGallery.Range"/>.</summary>
    public abstract GivenRange? GivenRange { get; }

    /// <summary>The rows that may be found, those that were deleted aside; null: all.</summary>
    public virtual RowMask? Present => null;

    /// <summary>D.</summary>
    public int EmbeddingSize => Search.Scanned.Dimension;

    /// <summary>The rows that are not deleted and pass a filter; null: all.</summary>
    /// <param name="filter">What they have to pass.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SwanFilterException">The filter doesn't fit the columns.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public abstract RowMask? Mask(SwanFilter filter, CancellationToken cancellation);

    /// <summary>The rows that a question is about: as <see cref="Mask"/>, or without a filter <see cref="Present"/>.</summary>
    public RowMask? Asked(SwanFilter? filter, CancellationToken cancellation) =>
        filter is null ? Present : Mask(filter, cancellation);

    /// <summary>A row's key.</summary>
    public abstract string KeyOf(int row);

    /// <summary>The first row with a key that may be found.</summary>
    /// <returns>False where there is none.</returns>
    public abstract bool TryFind(string key, out int row);

    /// <summary>The row of a key that a question names.</summary>
    /// <exception cref="KeyNotFoundException">No row has it.</exception>
    public int RowOf(string key) => TryFind(key, out int row)
        ? row
        : throw new KeyNotFoundException(
            $"None of the {Search.Scanned.Count:N0} rows has the key '{key}'. Keys must match exactly, including upper and lower case.");

    /// <summary>A row's values by column name.</summary>
    public abstract IReadOnlyDictionary<string, object?> ValuesOf(int row);

    /// <summary>Results of a search with their keys.</summary>
    public SwanHit[] Hits(ReadOnlySpan<(float Score, int Row)> best)
    {
        var hits = new SwanHit[best.Length];
        for (int i = 0; i < hits.Length; i++) hits[i] = new SwanHit(KeyOf(best[i].Row), best[i].Row, best[i].Score);
        return hits;
    }
}
