using System.Buffers.Binary;
using Swan.Geo.Rasters;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Tests.Scenes;

/// <summary>Writes scenes whose samples are given by a formula.</summary>
internal static class DrawnScene
{
    // GTModelType projected, GTRasterType area, ProjectedCRS 32632 (UTM zone 32 north).
    private static readonly ushort[] s_utm32 = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32632];

    /// <summary>North up in UTM zone 32, its upper left corner at 500,000 m east and 5,300,000 m north.</summary>
    public static GeoTags Utm32(double metersPerPixel) => new(
        [metersPerPixel, metersPerPixel, 0], [0, 0, 0, 500_000, 5_300_000, 0], null, s_utm32, null, null);

    /// <summary>Writes a tiled GeoTIFF of 8 or 16 bits.</summary>
    public static string Write(string path, RasterFormat format, Func<int, int, int, int> sample)
    {
        using FileStream stream = File.Create(path);
        var writer = new GeoTiffWriter(stream, format);
        int bytes = format.PixelBytes / format.Bands;
        var row = new byte[format.Width * 256 * format.PixelBytes];
        for (int y = 0; y < format.Height; y += 256)
        {
            int rows = Math.Min(256, format.Height - y), at = 0;
            for (int r = 0; r < rows; r++)
            {
                for (int x = 0; x < format.Width; x++)
                {
                    for (int band = 0; band < format.Bands; band++, at += bytes)
                    {
                        int value = sample(x, y + r, band);
                        if (bytes == 1) row[at] = (byte)value;
                        else BinaryPrimitives.WriteUInt16LittleEndian(row.AsSpan(at), (ushort)value);
                    }
                }
            }
            writer.Write(0, y, format.Width, rows, row.AsSpan(0, at), TestContext.Current.CancellationToken);
        }
        writer.Complete();
        return path;
    }

    /// <summary>Three bands of 8 bits whose values tell where they are.</summary>
    public static string Write(string path, int width, int height, GeoTags? geo = null) => Write(
        path, new RasterFormat(width, height, 3, TiffSampleType.Byte) { Geo = geo }, (x, y, band) => Value(x, y, band));

    /// <summary>What the scene of <see cref="Write(string, int, int, GeoTags?)"/> has there.</summary>
    public static int Value(int x, int y, int band) => (x * 7 + y * 13 + band * 50 + x * y / 97) % 251;
}
