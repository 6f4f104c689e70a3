namespace Swan.MLNet.Search;

/// <summary>One state of a gallery, which stays as it is while a question is answered.</summary>
internal abstract class GalleryView
{
    /// <summary>Its rows, and the searches over them.</summary>
    public abstract GallerySearch Search { get; }

    /// <summary>A row's key.</summary>
    public abstract string KeyOf(int row);

    /// <summary>The first row with a key that may be found.</summary>
    /// <returns>False where there is none.</returns>
    public abstract bool TryFind(string key, out int row);

    /// <summary>A row's values by column name.</summary>
    public abstract IReadOnlyDictionary<string, object?> ValuesOf(int row);
}
