using Swan.Geo.Coordinates;

namespace Swan.Geo.Search;

/// <summary>A scene that can be found in an index, as it was when it was indexed.</summary>
/// <remarks>Immutable.</remarks>
public sealed record SwanIndexedScene
{
    /// <summary>Its path in the folder that was indexed, with '/'.</summary>
    public required string Name { get; init; }

    /// <summary>Where its file is.</summary>
    public required string Path { get; init; }

    /// <summary>XXH128 of the file's bytes, in hex: what was indexed, for caches.</summary>
    public required string Hash { get; init; }

    /// <summary>Columns.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>Windows of it in the index.</summary>
    public required long Windows { get; init; }

    /// <summary>When it was taken; null where nothing says it.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Where its pixels lie on a map; null where nothing says it.</summary>
    public Georeference? Place { get; init; }

    /// <summary>A sentence that says why its places can't be told in WGS 84; null where they can.</summary>
    public string? Unplaced { get; init; }
}
