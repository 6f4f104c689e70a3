using System.Globalization;
using Swan.Geo.Rasters;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Coordinates;

/// <summary>The tags that place a scene, with what files beside it say.</summary>
/// <remarks>As for GDAL, .aux.xml counts first, then the scene itself, then a world file.</remarks>
internal static class SceneTags
{
    private const int PixelIsArea = 1, PixelIsPoint = 2, TiePointNumbers = 6;

    /// <summary>Reads those of a scene.</summary>
    /// <param name="path">The scene; files beside it are looked for.</param>
    /// <param name="directory">Its first directory.</param>
    /// <param name="pam">What the file .aux.xml says; null without one.</param>
    /// <exception cref="SwanGeoreferenceException">A file beside it can't be read.</exception>
    public static GeoTags Read(string path, TiffDirectory directory, PamFile? pam)
    {
        GeoTags tags = GeoTags.Read(directory);
        if (pam?.CoordinateSystem is { } text) tags = Named(tags, text, PamFile.Find(path) ?? path);
        if (pam?.Transform is { } transform) return Placed(tags, transform);
        return TransformOf(tags) is null && WorldFile.Find(path) is { } beside ? Placed(tags, WorldFile.Read(beside)) : tags;
    }

    /// <summary>From pixels to the map; null where they don't say it.</summary>
    public static PixelTransform? TransformOf(GeoTags tags)
    {
        PixelTransform transform;
        if (tags is { PixelScale: { Length: >= 2 } scale, TiePoints: { Length: >= TiePointNumbers } tie } && scale[0] != 0 && scale[1] != 0)
        {
            (double width, double height) = (scale[0], -Math.Abs(scale[1]));
            transform = new(tie[3] - tie[0] * width, width, 0, tie[4] - tie[1] * height, 0, height);
        }
        else if (tags.Matrix is { Length: 16 } m)
        {
            transform = new(m[3], m[0], m[1], m[7], m[4], m[5]);
        }
        else
        {
            return null;
        }

        return new GeoKeys(tags).Code(GeoKeys.RasterType) == PixelIsPoint ? transform.FromCenters() : transform;
    }

    // Both kinds of files place the outer corners of pixels.
    private static GeoTags Placed(GeoTags tags, PixelTransform t) => tags with
    {
        PixelScale = null, TiePoints = null,
        Matrix = [t.ColumnX, t.RowX, 0, t.OriginX, t.ColumnY, t.RowY, 0, t.OriginY, 0, 0, 0, 0, 0, 0, 0, 1],
        Keys = tags.Keys is { } keys && new GeoKeys(tags).Code(GeoKeys.RasterType) == PixelIsPoint ? AsAreas(keys) : tags.Keys,
    };

    private static ushort[] AsAreas(ushort[] keys)
    {
        ushort[] areas = [.. keys];
        for (int at = 4; at + 3 < areas.Length; at += 4)
        {
            if (areas[at] == GeoKeys.RasterType) areas[at + 3] = PixelIsArea;
        }
        return areas;
    }

    // Keys that name a system as GeoTIFFs do. One without a code keeps its name and its unit, and counts as unknown.
    private static GeoTags Named(GeoTags tags, string text, string path)
    {
        int raster = new GeoKeys(tags).Code(GeoKeys.RasterType);
        (int? code, WellKnownText? system) = Parsed(text, path);
        bool geographic = code is { } known && CoordinateSystem.FromEpsg(known).Kind is var kind and not CoordinateSystemKind.Local
            ? kind == CoordinateSystemKind.Geographic : system?.IsGeographic == true;
        if (code is null && system is null) return tags with { Keys = null, KeyDoubles = null, KeyTexts = null };
        string? name = code is null ? system!.Name.Replace('|', ' ') : null;
        List<ushort> keys = [1, 1, 0, 0];
        Add(GeoKeys.ModelType, geographic ? 2 : 1);
        if (raster != 0) Add(GeoKeys.RasterType, raster);
        Add(geographic ? GeoKeys.GeodeticCrs : GeoKeys.ProjectedCrs, code ?? GeoKeys.UserDefined);
        if (name is not null)
        {
            keys.AddRange([(ushort)(geographic ? GeoKeys.GeodeticCitation : GeoKeys.ProjectedCitation), GeoTags.KeyTextsTag,
                (ushort)(name.Length + 1), 0]);
        }
        double? unit = name is not null && !geographic ? system!.MetersPerUnit : null;
        if (unit is not null)
        {
            Add(GeoKeys.LinearUnit, GeoKeys.UserDefined);
            keys.AddRange([GeoKeys.LinearUnitSize, GeoTags.KeyDoublesTag, 1, 0]);
        }
        keys[3] = (ushort)(keys.Count / 4 - 1);
        return tags with
        {
            Keys = [.. keys], KeyDoubles = unit is { } meters ? [meters] : null, KeyTexts = name is null ? null : name + "|",
        };

        void Add(int key, int value) => keys.AddRange([(ushort)key, 0, 1, (ushort)value]);
    }

    private static (int? Code, WellKnownText? System) Parsed(string text, string path)
    {
        if (text.StartsWith("EPSG:", StringComparison.OrdinalIgnoreCase)
            && ushort.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out ushort plain))
        {
            return (plain, null);
        }
        try
        {
            WellKnownText? system = WellKnownText.Parse(text).Horizontal;
            return (system?.EpsgCode is > 0 and < GeoKeys.UserDefined and int code ? code : null, system);
        }
        catch (FormatException e)
        {
            throw new SwanGeoreferenceException(
                $"'{path}' has an SRS that is not well-known text of a coordinate system: {e.Message}. Remove it, and assign the system "
                + "again, for example with gdal_edit.py -a_srs EPSG:32632.", e);
        }
    }
}
