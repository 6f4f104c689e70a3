namespace Swan.Batch.Sources;

/// <summary>What the columns of a manifest mean.</summary>
/// <remarks>
/// At most one of <see cref="Path"/>, <see cref="Url"/> and <see cref="Bytes"/>. Without any, the manifest must have one column named
/// <c>path</c>, <c>url</c>, <c>image</c> or <c>bytes</c>. The parts of a structure have names with a dot, such as <c>image.bytes</c>.
/// </remarks>
public sealed class ManifestColumns
{
    /// <summary>The column with paths of files, or addresses.</summary>
    /// <remarks>Default null.</remarks>
    public string? Path { get; init; }

    /// <summary>The column with addresses, and nothing else.</summary>
    /// <remarks>Default null.</remarks>
    public string? Url { get; init; }

    /// <summary>The column with the images' files themselves; Parquet only.</summary>
    /// <remarks>Default null.</remarks>
    public string? Bytes { get; init; }

    /// <summary>With <see cref="Bytes"/>: the column with the images' keys, text or whole numbers.</summary>
    /// <remarks>Default null: the column <c>key</c>.</remarks>
    public string? Key { get; init; }

    /// <summary>The columns that results have, too.</summary>
    /// <remarks>Default null: all but those above, bytes, and those of other types than text, Boolean, numbers and times.</remarks>
    public IReadOnlyList<string>? Keep { get; init; }
}
