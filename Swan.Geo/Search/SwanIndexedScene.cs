using Swan.Geo.Coordinates;

namespace Swan.Geo.Search;

/// <summary>A scene of an index, as it was when it was indexed.</summary>
/// <remarks>Immutable.</remarks>
public sealed record SwanIndexedScene
{
    /// <summary>Its path in the folder that was indexed, with '/'.</summary>
    public required string Name { get; init; }

    /// <summary>The path of its file.</summary>
    public required string Path { get; init; }

    /// <summary>XXH128 of the indexed file's bytes, in hex, for caches.</summary>
    public required string Hash { get; init; }

    /// <summary>Columns.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>Windows of it in the index.</summary>
    public required long Windows { get; init; }

    /// <summary>When it was taken; null if unknown.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>The place of its pixels on a map; null if unknown.</summary>
    public Georeference? Place { get; init; }

    /// <summary>The reason why its places can't be converted to WGS 84, as a sentence; null if they can.</summary>
    public string? Unplaced { get; init; }
}
