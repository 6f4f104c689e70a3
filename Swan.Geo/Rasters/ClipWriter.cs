using System.Xml;
using System.Xml.Linq;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Rasters;

/// <summary>Copies a window of a TIFF to a GeoTIFF of its own: all bands with their samples, colors, nodata and georeference.</summary>
/// <remarks>Luma and chroma (YCbCr) become RGB, and floats of 16 bits floats of 32. Masks and RPCs are not copied.</remarks>
internal static class ClipWriter
{
    // Columns that are read at once, those of whole tiles: with 256 rows, a million pixels.
    private const int BlockWidth = 16 * GeoTiffWriter.TileSide;
    private const int MostMetadataBytes = 1 << 20;

    /// <summary>Writes a clip.</summary>
    /// <param name="source">The scene.</param>
    /// <param name="window">A rectangle within it, as it is stored.</param>
    /// <param name="path">The file; replaced if it exists, and its folder made.</param>
    /// <param name="token">Ends copying; the path is as it was.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window is not in the image, or a clip of it has too many pixels.</exception>
    /// <exception cref="SwanImageException">The scene's data are truncated or corrupt.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static void Write(TiffFile source, PixelWindow window, string path, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        window.ThrowUnlessWithin(source.Image.Fields.Width, source.Image.Fields.Height);
        using AtomicFile file = AtomicFile.Create(path);
        var writer = new GeoTiffWriter(file.Stream, Format(source, window));
        int[] bands = [.. Enumerable.Range(0, source.Image.Fields.Samples)];
        for (int y = 0; y < window.Height; y += GeoTiffWriter.TileSide)
        {
            for (int x = 0; x < window.Width; x += BlockWidth)
            {
                int width = Math.Min(BlockWidth, window.Width - x), height = Math.Min(GeoTiffWriter.TileSide, window.Height - y);
                TiffWindow block = source.Image.Read(new(window.X + x, window.Y + y, width, height), bands, token);
                writer.Write(x, y, width, height, block.Samples, token);
            }
        }

        writer.Complete();
        file.Commit();
    }

    private static RasterFormat Format(TiffFile source, PixelWindow window)
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
            NoData = source.Directory.Text(TiffTags.GdalNoData, 256),
            Metadata = Metadata(source.Directory.Text(TiffTags.GdalMetadata, MostMetadataBytes)),
            Geo = GeoTags.Read(source.Directory).Moved(window.X, window.Y),
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
