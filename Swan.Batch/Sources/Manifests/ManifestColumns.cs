namespace Swan.Batch.Sources;

/// <summary>The meaning of a manifest's columns.</summary>
/// <remarks>
/// Set at most one of <see cref="Path"/>, <see cref="Url"/> and <see cref="Bytes"/>. Without any, the manifest must have one column named
/// <c>path</c>, <c>url</c>, <c>image</c> or <c>bytes</c>. Name the parts of a structure with a dot, such as <c>image.bytes</c>.
/// </remarks>
public sealed class ManifestColumns
{
    /// <summary>The column with paths of files, or addresses.</summary>
    /// <remarks>Default null.</remarks>
    public string? Path { get; init; }

    /// <summary>The column with nothing but addresses.</summary>
    /// <remarks>Default null.</remarks>
    public string? Url { get; init; }

    /// <summary>The column with the image files themselves; Parquet only.</summary>
    /// <remarks>Default null.</remarks>
    public string? Bytes { get; init; }

    /// <summary>With <see cref="Bytes"/>: the column with the images' keys, text or whole numbers.</summary>
    /// <remarks>Default null: the column <c>key</c>.</remarks>
    public string? Key { get; init; }

    /// <summary>The columns to copy into the results.</summary>
    /// <remarks>Default null: all columns of text, Boolean, numbers and times but those above.</remarks>
    public IReadOnlyList<string>? Keep { get; init; }
}
