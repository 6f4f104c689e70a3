using BitMiracle.LibTiff.Classic;
using Swan.Geo.Coordinates;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Scenes;

/// <summary>A GeoTIFF whose pixels are read as 8-bit colors, all windows of it in one range.</summary>
/// <remarks>Not safe for concurrent use. The file is open until this is disposed.</remarks>
internal sealed class SceneImage : IDisposable
{
    private const int MaxMetadataBytes = 1 << 20;
    private const int LeastPixels = 16;

    // A row of tiles, or a strip that is decoded whole, as four bytes a pixel.
    private const long MostBytesAtATime = 256L << 20;

    private readonly Lazy<SampleMap?> _map;

    private SceneImage(TiffFile file, PamFile? pam, SceneData data, Func<SampleMap?> map) =>
        (File, Pam, Data, _map) = (file, pam, data, new(map));

    public TiffFile File { get; }

    /// <summary>What GDAL's file beside it says; null without one.</summary>
    public PamFile? Pam { get; }

    /// <summary>Which bands are colors, and which pixels have data.</summary>
    public SceneData Data { get; }

    /// <summary>What samples of more than 8 bits become; null for others. Measured at the first use.</summary>
    /// <exception cref="SwanImageException">There is no data in it, or none that says how bright it is.</exception>
    public SampleMap? Map => _map.Value;

    public int Width => File.Image.Fields.Width;

    public int Height => File.Image.Fields.Height;

    /// <summary>Opens a scene: reads its header, and looks whether its bytes are all there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="decoding">Range, bands and the value for no data.</param>
    /// <param name="token">Ends measuring.</param>
    /// <exception cref="SwanImageException">It is no TIFF, damaged, or its samples are no pictures.</exception>
    /// <exception cref="SwanSceneException">It can't be cut into windows.</exception>
    /// <exception cref="SwanGeoreferenceException">A file beside it can't be read.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static SceneImage Open(string path, ImageDecodingOptions decoding, CancellationToken token)
    {
        TiffFile file = OpenFile(path, decoding);
        try
        {
            TiffFields fields = file.Image.Fields;
            ThrowUnlessScene(file.Image, path, decoding);
            TiffBands bands =
                TiffBands.Choose(fields, file.Directory.Text(TiffTags.GdalMetadata, MaxMetadataBytes), decoding.Bands, path);
            PamFile? pam = PamFile.Beside(path);
            decoding = decoding with { NoData = decoding.NoData ?? NoData(file, pam, bands, path) };
            var data = new SceneData(file, bands, decoding);
            data.ThrowUnlessWhole();
            return new(file, pam, data, () => fields.SampleType == TiffSampleType.Byte
                ? null
                : SampleMap.Choose(new TiffData(file, bands, decoding, path), (_, range) => SceneStatistics.Measure(data, range, token)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a scene's file, which others may replace meanwhile.</summary>
    /// <exception cref="SwanImageException">It is no TIFF, or damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanSceneException">It has no bytes.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static TiffFile OpenFile(string path, ImageDecodingOptions decoding)
    {
        if (LinkedFile.Of(path) is not { } file)
        {
            string why = FilePath.WhyMissing(path)
                ?? "the file doesn't exist, or it is a link that leads nowhere or in a circle. Copy it there again, or remove the link.";
            throw new FileNotFoundException($"The scene '{path}': {why}", path);
        }
        if (file.Length == 0)
        {
            throw new SwanSceneException(path, "it has no bytes: it is empty, or a pipe or a device. Copy it again from its source, or "
                + "remove it.");
        }
        return TiffFile.Open(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1), path, decoding);
    }

    /// <summary>The scene, or its smallest overview within a reduction.</summary>
    /// <param name="reduction">Columns of the scene, and rows.</param>
    public TiffImage Reduced(double reduction) => File.Overviews.LastOrDefault(o =>
        Math.Max((double)Width / o.Fields.Width, (double)Height / o.Fields.Height) <= reduction * 1.01
        && (File.Mask is null || File.MaskOf(o) is not null)
        && (long)Math.Min(o.Chunk.Width, o.Fields.Width) * o.RowsAtATime * 4 <= MostBytesAtATime) ?? File.Image;

    /// <summary>Reads a window: blue, green, red and 255 for each pixel with data, four zeros for others.</summary>
    /// <param name="window">Within the scene.</param>
    /// <param name="pixels">Four bytes a pixel, row by row.</param>
    /// <param name="token">Ends reading.</param>
    /// <param name="image">The scene, or an overview of it, whose pixels the window is of; null: the scene.</param>
    public void Read(PixelWindow window, byte[] pixels, CancellationToken token, TiffImage? image = null) =>
        Data.Read(window, Map, pixels, token, image);

    public void Dispose() => File.Dispose();

    // As for GDAL, the file beside a scene counts first, band by band.
    private static double? NoData(TiffFile file, PamFile? pam, TiffBands bands, string path)
    {
        if (pam?.NoDataOf(bands.Taken, file.NoData) is not { } values) return null;
        return values is [var one] ? one : throw new SwanSceneException(path, "its bands have different values for no data ("
            + string.Join(", ", values.Select(v => v is { } n ? FormattableString.Invariant($"{n}") : "none"))
            + "), as its file .aux.xml says; only one is read. Name it (--nodata, NoData), or write the scene with a mask "
            + "(gdal_translate -mask).");
    }

    private static void ThrowUnlessScene(TiffImage image, string path, ImageDecodingOptions decoding)
    {
        TiffFields fields = image.Fields;
        if (Math.Min(fields.Width, fields.Height) < LeastPixels)
        {
            throw new SwanSceneException(path, $"it has {fields.Width}×{fields.Height} pixels; expected at least {LeastPixels} a side. "
                + "Nothing is recognizable in it.");
        }
        if ((long)Math.Min(image.Chunk.Width, fields.Width) * image.RowsAtATime * 4 > MostBytesAtATime)
        {
            throw new SwanSceneException(path,
                $"its pixels are compressed {image.RowsAtATime} rows of {fields.Width} at a time, which takes more "
                + "memory than is allowed. Write it in tiles: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE.");
        }
        if (!fields.Orientation.IsUpright)
        {
            throw new SwanSceneException(path, "its orientation tag rotates it, and programs differ in whether its coordinates rotate "
                + "too. Write it upright: gdal_translate leaves the tag out.");
        }
        bool plain = fields.Photometric is Photometric.MINISBLACK or Photometric.MINISWHITE
            || fields.Photometric == Photometric.RGB && !fields.Premultiplied;
        if (!plain && decoding.Bands is null)
        {
            throw new SwanSceneException(path,
                $"its colors are {(fields.Premultiplied ? "multiplied by their alpha" : fields.Photometric)}; "
                + "expected gray, RGB or other bands. Convert it to RGB (gdal_translate -expand rgb).");
        }
    }
}
