namespace Swan.Geo.Rasters;

/// <summary>Georeferences of a part of a raster, or of one with larger pixels.</summary>
internal static class MovedGeoTags
{
    // GTRasterTypeGeoKey and its value for pixels that are points (OGC 19-008r4, clause 7.1.2).
    private const int RasterType = 1025, PixelIsPoint = 2;

    /// <summary>Places a raster whose first pixel begins at a pixel of another one.</summary>
    /// <param name="tags">Those of the other.</param>
    /// <param name="column">Columns of the other left of the raster.</param>
    /// <param name="row">Rows of the other above it.</param>
    /// <param name="scale">How many of the other's columns, and rows, one of its own has.</param>
    public static GeoTags Moved(this GeoTags tags, double column, double row, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(tags);
        // Where pixels are points, whole numbers are their middles, which move against their corners when pixels grow.
        double half = IsPoint(tags.Keys) ? 0.5 : 0;
        return tags with
        {
            PixelScale = tags.PixelScale is null ? null : [.. tags.PixelScale.Select((s, i) => i < 2 ? s * scale : s)],
            TiePoints = tags.TiePoints is null ? null : [.. tags.TiePoints.Select((t, i) => (i % 6) switch
            {
                0 => (t + half - column) / scale - half,
                1 => (t + half - row) / scale - half,
                _ => t,
            })],
            Matrix = tags.Matrix is not { Length: 16 } ? tags.Matrix : Move(tags.Matrix, Begin(column), Begin(row), scale),
        };

        // Where the new 0 lies among the old numbers.
        double Begin(double first) => half * scale + first - half;
    }

    private static bool IsPoint(ushort[]? keys)
    {
        for (int at = 4; at + 3 < keys?.Length; at += 4)
        {
            if (keys[at] == RasterType && keys[at + 1] == 0) return keys[at + 3] == PixelIsPoint;
        }

        return false;
    }

    private static double[] Move(double[] matrix, double column, double row, double scale)
    {
        double[] moved = [.. matrix];
        for (int at = 0; at < 12; at += 4)
        {
            moved[at + 3] += matrix[at] * column + matrix[at + 1] * row;
            moved[at] *= scale;
            moved[at + 1] *= scale;
        }

        return moved;
    }
}
