namespace Swan.Batch.Sources;

/// <summary>An image as a source lists it.</summary>
/// <param name="Key">Its name in the source, such as a path; a job identifies images by it.</param>
/// <param name="Stamp">Changes when the image does, such as size and time; compared, never read.</param>
public sealed record SourceImage(string Key, string Stamp)
{
    /// <summary>Its size in bytes; null if the source doesn't report it.</summary>
    /// <remarks>Estimates are better with it.</remarks>
    public long? Size { get; init; }

    /// <summary>What is kept of it, by the columns of <see cref="SourceSettings.Kept"/>; null where nothing is.</summary>
    internal string?[]? Values { get; init; }

    /// <summary>Where the source says so, for messages; null: nowhere.</summary>
    internal string? Place { get; init; }
}
