namespace Swan.Geo.Places;

/// <summary>The tables and triggers of a GeoPackage (OGC 12-128r17, version 1.3).</summary>
internal static class GeoPackageSchema
{
    /// <summary>"GPKG", and the version as MMmmpp.</summary>
    public const int ApplicationId = 0x47504B47, UserVersion = 10300;

    /// <summary>Numbers of coordinate systems that every GeoPackage knows.</summary>
    public const int Wgs84 = 4326, UndefinedCartesian = -1;

    /// <summary>What all GeoPackages have, and the table in which QGIS looks for styles.</summary>
    public static readonly string Base = $"""
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {UserVersion};
        CREATE TABLE gpkg_spatial_ref_sys (
          srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
          organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
        CREATE TABLE gpkg_contents (
          table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
          last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
          min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
          CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_geometry_columns (
          table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
          z TINYINT NOT NULL, m TINYINT NOT NULL,
          CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
          CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
          CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_extensions (
          table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
          CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
        CREATE TABLE layer_styles (
          id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
          f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
          owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
        INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles');
        INSERT INTO gpkg_spatial_ref_sys VALUES
          ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
          ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
          ('WGS 84 geodetic', {Wgs84}, 'EPSG', {Wgs84}, '{Wgs84Definition}',
           'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
        """;

    private const string Wgs84Definition =
        """GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],"""
        + """AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],"""
        + """UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]""";

    // The columns of places, whatever their geometry.
    private const string Attributes = """
        query TEXT NOT NULL, score REAL NOT NULL, probability REAL, scene TEXT NOT NULL, window_column MEDIUMINT NOT NULL,
        window_row MEDIUMINT NOT NULL, window_width MEDIUMINT NOT NULL, window_height MEDIUMINT NOT NULL, date DATETIME,
        meters_per_pixel REAL, coordinate_system TEXT, epsg MEDIUMINT
        """;

    /// <summary>A table of places that lie nowhere.</summary>
    public static string AttributeTable(string table) => $"""
        CREATE TABLE {table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {Attributes});
        INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('{table}', 'attributes', '{table}');
        """;

    /// <summary>A table of places, and its spatial index, to be filled.</summary>
    public static string FeatureTable(string table, int srsId) => $"""
        CREATE TABLE {table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, {Attributes});
        INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('{table}', 'features', '{table}', {srsId});
        INSERT INTO gpkg_geometry_columns VALUES ('{table}', 'geom', 'MULTIPOLYGON', {srsId}, 0, 0);
        CREATE VIRTUAL TABLE rtree_{table}_geom USING rtree(id, minx, maxx, miny, maxy);
        INSERT INTO gpkg_extensions VALUES
          ('{table}', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
        """;

    /// <summary>What keeps a spatial index up to date, with functions that programs for GeoPackages have; after it is filled.</summary>
    public static string Triggers(string table)
    {
        string tree = $"rtree_{table}_geom", isFull = "(NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))",
            isEmpty = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))",
            put = $"INSERT OR REPLACE INTO {tree} VALUES "
                + "(NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));",
            drop = $"DELETE FROM {tree} WHERE id = OLD.fid;";
        return $"""
            CREATE TRIGGER {tree}_insert AFTER INSERT ON {table} WHEN {isFull} BEGIN {put} END;
            CREATE TRIGGER {tree}_update1 AFTER UPDATE OF geom ON {table} WHEN OLD.fid = NEW.fid AND {isFull} BEGIN {put} END;
            CREATE TRIGGER {tree}_update2 AFTER UPDATE OF geom ON {table} WHEN OLD.fid = NEW.fid AND {isEmpty} BEGIN {drop} END;
            CREATE TRIGGER {tree}_update3 AFTER UPDATE ON {table} WHEN OLD.fid != NEW.fid AND {isFull} BEGIN {drop} {put} END;
            CREATE TRIGGER {tree}_update4 AFTER UPDATE ON {table} WHEN OLD.fid != NEW.fid AND {isEmpty}
              BEGIN DELETE FROM {tree} WHERE id IN (OLD.fid, NEW.fid); END;
            CREATE TRIGGER {tree}_delete AFTER DELETE ON {table} WHEN OLD.geom NOT NULL BEGIN {drop} END;
            """;
    }
}
