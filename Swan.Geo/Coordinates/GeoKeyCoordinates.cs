namespace Swan.Geo.Coordinates;

/// <summary>The coordinate system that a GeoTIFF's keys name, by a code or by parameters.</summary>
internal static class GeoKeyCoordinates
{
    private const int Projected = 1, Geographic = 2, Geocentric = 3;
    private const int Metre = 9001, Foot = 9002, UsSurveyFoot = 9003, Degree = 9102;

    private const string OwnDatum = "its datum is defined by the file itself, and its shift to WGS 84 is unknown. "
        + "Assign a registered system, for example with gdal_edit.py -a_srs EPSG:4326.";

    /// <summary>Reads it; a system that can't be transformed says why.</summary>
    public static CoordinateSystem Read(GeoKeys keys)
    {
        int model = keys.Code(GeoKeys.ModelType);
        int projected = keys.Code(GeoKeys.ProjectedCrs), geographic = keys.Code(GeoKeys.GeodeticCrs);
        if (model == Geocentric)
        {
            return CoordinateSystem.Refuse(
                null, "geocentric", "the scene's keys name earth-centered coordinates; expected a map's. Reproject it, for example with "
                + "gdalwarp -t_srs EPSG:4326.");
        }

        if (model == Projected || model != Geographic && (projected != 0 || keys.Has(GeoKeys.ProjectionMethod)))
            return projected is not (0 or GeoKeys.UserDefined) ? OfCode(projected, keys) : UserDefined(keys);
        if (geographic is not (0 or GeoKeys.UserDefined)) return OfGeographic(geographic, keys);
        return model == Geographic
            ? CoordinateSystem.Refuse(null, keys.Text(GeoKeys.GeodeticCitation) is { Length: > 0 } name ? name : "user-defined", OwnDatum)
            : CoordinateSystem.Refuse(
                null, "none", "the file names no coordinate system. Assign one, for example with gdal_edit.py -a_srs EPSG:32632.");
    }

    private static CoordinateSystem OfCode(int code, GeoKeys keys)
    {
        CoordinateSystem system = CoordinateSystem.FromEpsg(code);
        if (!keys.Has(GeoKeys.LinearUnit) || system.MetersPerUnit is not { } registered
            || Math.Abs(MetersPerUnit(keys) - registered ?? 1) < 1e-9)
        {
            return system;
        }

        return CoordinateSystem.Refuse(code, system.Name, $"the code's unit is the {system.Unit}, "
            + $"but the file's key 3076 names another unit ({keys.Code(GeoKeys.LinearUnit)}). Export the scene again with one of them.");
    }

    private static CoordinateSystem OfGeographic(int code, GeoKeys keys)
    {
        CoordinateSystem system = CoordinateSystem.FromEpsg(code);
        return system.Kind == CoordinateSystemKind.Geographic && keys.Code(GeoKeys.AngularUnit) is not (0 or Degree)
            ? CoordinateSystem.Refuse(code, system.Name, OwnAngles(keys))
            : system;
    }

    private static CoordinateSystem UserDefined(GeoKeys keys)
    {
        string name = keys.Text(GeoKeys.ProjectedCitation) is { Length: > 0 } citation ? citation : "user-defined";
        if (MetersPerUnit(keys) is not { } unit)
        {
            return CoordinateSystem.Refuse(null, name, $"its unit of length ({keys.Code(GeoKeys.LinearUnit)}) is unknown here; "
                + "metre (9001), foot (9002) and US survey foot (9003) are known.");
        }

        if (keys.Code(GeoKeys.AngularUnit) is not (0 or Degree))
            return CoordinateSystem.Refuse(null, name, OwnAngles(keys), unit);
        (ProjectionDefinition? datum, string obstacle) = Datum(keys);
        if (datum is null) return CoordinateSystem.Refuse(null, name, obstacle, unit);
        var parameters = new Dictionary<string, double>(StringComparer.Ordinal);
        string? method = Method(keys, unit, parameters);
        if (method is null)
        {
            return CoordinateSystem.Refuse(null, name, $"its map projection (method {keys.Code(GeoKeys.ProjectionMethod)}, "
                + $"projection {keys.Code(GeoKeys.Projection)}) is not computed here. "
                + "Reproject the scene, for example with gdalwarp -t_srs EPSG:4326.", unit);
        }

        if (parameters.FirstOrDefault(p => !double.IsFinite(p.Value)) is { Key: { } broken })
        {
            return CoordinateSystem.Refuse(
                null, name, $"the file lacks the number of its parameter {broken}. Export the scene again.", unit);
        }

        parameters["to_meter"] = unit;
        return CoordinateSystem.FromDefinition(new(method, parameters, datum.Ellipsoid, datum.Shift), null, name);
    }

    /// <summary>PROJ's name of the projection, and its parameters.</summary>
    private static string? Method(GeoKeys keys, double unit, Dictionary<string, double> parameters)
    {
        // The registry's numbers of UTM's zones: 16001 to 16060 in the north, 16101 to 16160 in the south.
        if (keys.Code(GeoKeys.Projection) is (>= 16001 and <= 16060 or >= 16101 and <= 16160) and int utm)
        {
            foreach ((string key, double value) in ProjectionDefinition.Utm(Ellipsoid.Wgs84, utm % 100, utm > 16100).Parameters)
                parameters[key] = value;
            return "tmerc";
        }

        if (keys.Code(GeoKeys.Projection) is not (0 or GeoKeys.UserDefined)) return null;
        Set("lat_0", 0, GeoKeys.NaturalOriginLatitude, GeoKeys.FalseOriginLatitude, GeoKeys.CenterLatitude);
        Set("lon_0", 0, GeoKeys.NaturalOriginLongitude, GeoKeys.FalseOriginLongitude, GeoKeys.CenterLongitude,
            GeoKeys.StraightVerticalPoleLongitude);
        Set("k", 1, GeoKeys.ScaleAtNaturalOrigin, GeoKeys.ScaleAtCenter);
        Set("x_0", 0, GeoKeys.FalseEasting, GeoKeys.FalseOriginEasting, GeoKeys.CenterEasting);
        Set("y_0", 0, GeoKeys.FalseNorthing, GeoKeys.FalseOriginNorthing, GeoKeys.CenterNorthing);
        (parameters["x_0"], parameters["y_0"]) = (parameters["x_0"] * unit, parameters["y_0"] * unit);
        switch (keys.Code(GeoKeys.ProjectionMethod))
        {
            case 1:
                return "tmerc";
            // A latitude of origin beside the equator has been read in two ways: as the parallel of true scale, and as a false origin.
            case 7 when parameters["lat_0"] == 0:
                if (keys.Has(GeoKeys.StandardParallel1)) Set("lat_ts", 0, GeoKeys.StandardParallel1);
                return "merc";
            case 8:
                Set("lat_1", double.NaN, GeoKeys.StandardParallel1);
                Set("lat_2", double.NaN, GeoKeys.StandardParallel2);
                parameters["k"] = 1;
                return "lcc";
            case 9:
                return "lcc";
            case 10:
                return "laea";
            case 11:
                Set("lat_1", double.NaN, GeoKeys.StandardParallel1);
                Set("lat_2", double.NaN, GeoKeys.StandardParallel2);
                return "aea";
            // The latitude of origin is that of true scale (variant B), as GDAL writes and reads it; at the pole it is the scale there.
            case 15:
                double parallel = parameters["lat_0"];
                parameters["lat_0"] = parallel < 0 ? -90 : 90;
                if (Math.Abs(parallel) != 90) parameters["lat_ts"] = parallel;
                return parallel == 0 || Math.Abs(parallel) != 90 && parameters["k"] != 1 ? null : "stere";
            case 16:
                return "sterea";
            default:
                return null;
        }

        void Set(string name, double otherwise, params ReadOnlySpan<int> from) => parameters[name] = keys.Number(from) ?? otherwise;
    }

    private static string OwnAngles(GeoKeys keys) =>
        $"the file's angles have the unit {keys.Code(GeoKeys.AngularUnit)}; expected degrees (9102). Export the scene again.";

    private static double? MetersPerUnit(GeoKeys keys) => keys.Code(GeoKeys.LinearUnit) switch
    {
        0 or Metre => 1,
        Foot => 0.3048,
        UsSurveyFoot => 1200 / 3937.0,
        GeoKeys.UserDefined when keys.Number(GeoKeys.LinearUnitSize) is > 0 and < 1e6 and double size => size,
        _ => null,
    };

    // The geographic system below a map that is given by its parameters, or why there is none.
    private static (ProjectionDefinition? Definition, string Obstacle) Datum(GeoKeys keys)
    {
        int code = keys.Code(GeoKeys.GeodeticCrs);
        // The registry's older datums have the number of their geographic system plus 2000.
        if (code is 0 or GeoKeys.UserDefined)
            code = keys.Code(GeoKeys.GeodeticDatum) is (> 6000 and < 7000) and int datum ? datum - 2000 : 0;
        return code switch
        {
            0 => (null, OwnDatum),
            4326 => (ProjectionDefinition.Geographic(Ellipsoid.Wgs84), ""),
            4258 or 4269 => (ProjectionDefinition.Geographic(Ellipsoid.Grs80), ""),
            _ => EpsgTable.Find(code) switch
            {
                { Definition: { IsGeographic: true } definition } when definition["pm"] == 0 => (definition, ""),
                { Obstacle: { } obstacle } => (null, $"it is based on EPSG:{code}, and {obstacle}. Reproject the scene with a program that "
                    + "supports it, such as gdalwarp -t_srs EPSG:4326."),
                _ => (null, $"it is based on EPSG:{code}, which is not a known geographic system from Greenwich. "
                    + "Reproject the scene, for example with gdalwarp -t_srs EPSG:4326."),
            },
        };
    }
}
