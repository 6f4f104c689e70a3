using System.Xml;
using System.Xml.Linq;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Rasters;

/// <summary>Copies a window of a TIFF to a GeoTIFF of its own: bands, samples, colors, nodata, mask and georeference.</summary>
/// <remarks>
/// Luma and chroma (YCbCr) become RGB, floats of 16 bits floats of 32, and a mask one of a bit. Overviews and RPCs are not copied.
/// </remarks>
internal static class ClipWriter
{
    // Columns that are read at once, those of whole tiles: with 256 rows, a million pixels.
    private const int BlockWidth = 16 * GeoTiffWriter.TileSide;
    private const int MostMetadataBytes = 1 << 20;

    // NewSubfileType of a mask.
    private const int Mask = 4;

    /// <summary>Writes a clip.</summary>
    /// <param name="source">The scene.</param>
    /// <param name="window">A rectangle within it, as it is stored.</param>
    /// <param name="path">The file; replaced if it exists, and its folder made.</param>
    /// <param name="geo">What places the scene; null: what its own tags say.</param>
    /// <param name="noData">The sample that is no data, as GDAL writes the number; null: what the scene's own tag says.</param>
    /// <param name="token">Ends copying; the path is as it was.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window is not in the image, or a clip of it has too many pixels.</exception>
    /// <exception cref="SwanImageException">The scene's data are truncated or corrupt.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static void Write(
        TiffFile source, PixelWindow window, string path, GeoTags? geo = null, string? noData = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        window.ThrowUnlessWithin(source.Image.Fields.Width, source.Image.Fields.Height);
        using AtomicFile file = AtomicFile.Create(path);
        RasterFormat format = Format(source, window, geo ?? GeoTags.Read(source.Directory), noData);
        var writer = new GeoTiffWriter(file.Stream, format);
        Copy(source.Image, window, writer, token);
        if (source.Mask is { } mask)
        {
            writer = writer.Next(new(window.Width, window.Height, 1, TiffSampleType.Byte)
            {
                Kind = Mask, Bits = 1, Photometric = RasterFormat.Transparency,
            });
            Copy(mask, window, writer, token, isMask: true);
        }

        writer.Complete();
        file.Commit();
    }

    private static void Copy(TiffImage image, PixelWindow window, GeoTiffWriter writer, CancellationToken token, bool isMask = false)
    {
        int[] bands = [.. Enumerable.Range(0, image.Fields.Samples)];
        for (int y = 0; y < window.Height; y += GeoTiffWriter.TileSide)
        {
            for (int x = 0; x < window.Width; x += BlockWidth)
            {
                int width = Math.Min(BlockWidth, window.Width - x), height = Math.Min(GeoTiffWriter.TileSide, window.Height - y);
                TiffWindow block = image.Read(new(window.X + x, window.Y + y, width, height), bands, token);
                writer.Write(x, y, width, height, isMask ? Bits(block) : block.Samples, token);
            }
        }
    }

    // Masks of 8 bits have 255, and some programs write other numbers.
    private static byte[] Bits(TiffWindow mask)
    {
        int bytes = mask.Type.Bytes();
        var bits = new byte[mask.Width * mask.Height];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = mask.Samples.AsSpan(i * bytes, bytes).ContainsAnyExcept((byte)0) ? (byte)1 : (byte)0;
        return bits;
    }

    private static RasterFormat Format(TiffFile source, PixelWindow window, GeoTags geo, string? noData)
    {
        TiffFields fields = source.Image.Fields;
        int most = fields.SampleType.Bytes() * 8;
        bool isUnsigned = fields.SampleType is TiffSampleType.Byte or TiffSampleType.UInt16 or TiffSampleType.UInt32;
        return new(window.Width, window.Height, fields.Samples, fields.SampleType)
        {
            Bits = isUnsigned ? fields.Bits : most,
            Photometric = (int)fields.Photometric,
            ExtraSamples = [.. fields.ExtraSamples.Select(e => (int)e)],
            ColorMap = fields.ColorMap,
            Orientation = fields.Orientation.IsUpright ? 1 : fields.Orientation.Value,
            NoData = noData ?? source.Directory.Text(TiffTags.GdalNoData, 256),
            Metadata = Metadata(source.Directory.Text(TiffTags.GdalMetadata, MostMetadataBytes)),
            Geo = geo.Moved(window.X, window.Y),
        };
    }

    // Names, units and scales of bands hold for a part, too; statistics don't.
    private static string? Metadata(string? text)
    {
        if (text is null) return null;
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Prohibit });
            XElement root = XElement.Load(reader);
            root.Elements().Where(IsStatistic).Remove();
            return root.HasElements ? root.ToString(SaveOptions.DisableFormatting) : null;
        }
        catch (XmlException)
        {
            // What GDAL couldn't read in the scene, it need not read in the clip.
            return null;
        }
    }

    private static bool IsStatistic(XElement item) =>
        item.Attribute("name")?.Value.StartsWith("STATISTICS_", StringComparison.Ordinal) == true;
}
