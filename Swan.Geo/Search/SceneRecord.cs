using System.Text.Json.Serialization;
using Swan.Geo.Coordinates;
using Swan.Geo.Rasters;

namespace Swan.Geo.Search;

/// <summary>What an index keeps of a scene that is in it whole.</summary>
internal sealed record SceneRecord
{
    /// <summary>Its path in the folder that was indexed, with '/'.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Length { get; init; }

    /// <summary>When the file was last written, in ticks of UTC.</summary>
    public required long Modified { get; init; }

    /// <summary>XXH128 of its bytes, in hex.</summary>
    public required string Hash { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Rows of the index.</summary>
    public required long Windows { get; init; }

    /// <summary>Windows that were left out because too few of their pixels have data.</summary>
    public required long WithoutData { get; init; }

    /// <summary>The tags that place it; null where there are none.</summary>
    public GeoTags? Tags { get; init; }

    /// <summary>Its world file; null where there is none.</summary>
    public string? WorldFile { get; init; }

    public DateTimeOffset? Date { get; init; }

    /// <summary>Why it has no place on the earth; null where it has one.</summary>
    public string? Unplaced { get; init; }

    /// <summary>Where it lies, as its file said when it was indexed.</summary>
    [JsonIgnore]
    public Georeference? Place => Tags is null && WorldFile is null ? null : Georeference.From(Tags, WorldFile, Width, Height, Name);
}
