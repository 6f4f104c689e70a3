using Swan.Geo.Coordinates;
using Swan.Geo.Rasters;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Scenes;

/// <summary>Writes pictures as scenes: georeferenced GeoTIFFs.</summary>
public static class SwanSceneFile
{
    /// <summary>Writes a GeoTIFF of three bands of 8 bits, in tiles, compressed.</summary>
    /// <param name="path">The file; there whole, or as it was before.</param>
    /// <param name="picture">The pixels.</param>
    /// <param name="place">The place of the pixels, in a system with an EPSG code; null for none.</param>
    /// <param name="cancellationToken">Ends writing; the path is as it was.</param>
    /// <exception cref="ArgumentException">The place is of a picture of another size, or its system has no EPSG code.</exception>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static void Write(string path, RgbImage picture, Georeference? place = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(picture);
        if (place is not null && (place.Width, place.Height) != (picture.Width, picture.Height))
        {
            throw new ArgumentException($"The place has {place.Width}×{place.Height} pixels; expected "
                + $"{picture.Width}×{picture.Height}, the picture's size.", nameof(place));
        }
        var format = new RasterFormat(picture.Width, picture.Height, 3, TiffSampleType.Byte) { Geo = place is null ? null : Tags(place) };
        using AtomicFile file = AtomicFile.Create(path);
        var writer = new GeoTiffWriter(file.Stream, format);
        writer.Write(0, 0, picture.Width, picture.Height, picture.Pixels, cancellationToken);
        writer.Complete();
        file.Commit();
    }

    private static GeoTags Tags(Georeference place)
    {
        CoordinateSystem system = place.CoordinateSystem;
        if (system.EpsgCode is not { } code || code > ushort.MaxValue)
        {
            throw new ArgumentException($"The coordinate system '{system}' can't be written; expected one with an EPSG code of 16 bits.",
                nameof(place));
        }
        // The standard's model types: 1 projected, 2 geographic; pixels are areas.
        bool isGeographic = system.Kind == CoordinateSystemKind.Geographic;
        ushort[] keys =
        [
            1, 1, 0, 3, GeoKeys.ModelType, 0, 1, (ushort)(isGeographic ? 2 : 1), GeoKeys.RasterType, 0, 1, 1,
            isGeographic ? (ushort)GeoKeys.GeodeticCrs : (ushort)GeoKeys.ProjectedCrs, 0, 1, (ushort)code,
        ];
        PixelTransform t = place.Transform;
        return t is { RowX: 0, ColumnY: 0, ColumnX: > 0, RowY: < 0 }
            ? new([t.ColumnX, -t.RowY, 0], [0, 0, 0, t.OriginX, t.OriginY, 0], null, keys, null, null)
            : new(null, null, [t.ColumnX, t.RowX, 0, t.OriginX, t.ColumnY, t.RowY, 0, t.OriginY, 0, 0, 0, 0, 0, 0, 0, 1], keys, null, null);
    }
}
