using System.Buffers.Binary;
using NetTopologySuite.Geometries;

namespace Swan.Geo.Places;

/// <summary>Geometries as GeoPackages hold them (OGC 12-128r17, clause 2.1.3): a header with the bounds, then well-known binary.</summary>
internal static class GeoPackageGeometry
{
    private const int HeaderBytes = 40;

    // Little-endian, with an envelope of X and Y, not empty.
    private const byte Flags = 0b0000_0011;

    /// <summary>Encodes polygons as a multipolygon.</summary>
    /// <exception cref="ArgumentException">The geometry consists of something else, or of nothing.</exception>
    public static byte[] Encode(Geometry footprint, int srsId)
    {
        MultiPolygon polygons = footprint as MultiPolygon ?? footprint.Factory.CreateMultiPolygon([.. Footprints.Polygons(footprint)]);
        byte[] body = Footprints.ToBinary(polygons);
        byte[] all = new byte[HeaderBytes + body.Length];
        "GP"u8.CopyTo(all);
        all[3] = Flags;
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(4), srsId);
        Envelope around = polygons.EnvelopeInternal;
        double[] sides = [around.MinX, around.MaxX, around.MinY, around.MaxY];
        for (int i = 0; i < sides.Length; i++) BinaryPrimitives.WriteDoubleLittleEndian(all.AsSpan(8 + 8 * i), sides[i]);
        body.CopyTo(all, HeaderBytes);
        return all;
    }
}
