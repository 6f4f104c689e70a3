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

    /// <summary>The sample that became black; null where samples have 8 bits.</summary>
    public double? Low { get; init; }

    /// <summary>The sample that became white.</summary>
    public double? High { get; init; }

    /// <summary>The tags that place it, for what is written in its coordinates.</summary>
    public required GeoTags Tags { get; init; }

    /// <summary>From pixels to its map, as GDAL lists the six numbers; null where it has no place.</summary>
    public double[]? Transform { get; init; }

    /// <summary>When it was taken; null where nothing says it.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Why its place on the earth isn't known; null where it is.</summary>
    public string? Unplaced { get; init; }

    /// <summary>Where it lies, as its file said when it was indexed.</summary>
    [JsonIgnore]
    public Georeference? Place => Transform is not [var x, var width, var rowX, var y, var columnY, var height]
        ? null
        : new(new PixelTransform(x, width, rowX, y, columnY, height), GeoKeyCoordinates.Read(new GeoKeys(Tags)), Width, Height);
}
