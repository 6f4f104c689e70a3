namespace Swan.MLNet.Imaging;

/// <summary>A TIFF whose pixels are read window by window: its first image, and that image's overviews and masks.</summary>
/// <remarks>
/// Classic TIFF and BigTIFF of both byte orders, of any length. Opening reads the directory; pixels are read when windows are. Of a file
/// with several pages the first is read. Not safe for concurrent use: open the file once for each thread.
/// </remarks>
internal sealed class TiffFile : IDisposable
{
    private readonly TiffSource _source;
    private readonly Lazy<TiffPyramid> _pyramid;

    private TiffFile(TiffSource source, string name, ImageDecodingOptions options, bool whole = false)
    {
        _source = source;
        (TiffByteOrder order, long first) = TiffHeader.Read(source, name);
        Directory = TiffDirectory.Read(source, order, first, name);
        if (whole) options.CheckPixels(name, Directory.Number(TiffTags.ImageWidth, 0), Directory.Number(TiffTags.ImageLength, 0));
        Image = new TiffImage(source, Directory, options);
        _pyramid = new(() => TiffPyramid.Read(source, Directory, first, Image, options));
    }

    /// <summary>All entries of the first image's directory, such as those that place it on the earth.</summary>
    public TiffDirectory Directory { get; }

    /// <summary>The image at full resolution.</summary>
    public TiffImage Image { get; }

    /// <summary>The same picture with fewer pixels, the largest first. Unreadable overviews are left out.</summary>
    public IReadOnlyList<TiffImage> Overviews => _pyramid.Value.Overviews;

    /// <summary>
    /// A mask of <see cref="Image"/>: one band, 0 where the picture has no data. Null where the file has none. An overview's mask is
    /// <see cref="MaskOf"/> it.
    /// </summary>
    public TiffImage? Mask => MaskOf(Image);

    /// <summary>The no-data value (GDAL_NODATA), which may be NaN; null if the file has none.</summary>
    public double? NoData => Image.Fields.NoData;

    /// <summary>Opens a TIFF in a stream.</summary>
    /// <param name="stream">Can be read and can seek. The file's own from now on, also if opening fails.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <param name="options">Limits: a chunk, and a window, may have as many pixels as an image. The whole image may have more.</param>
    /// <exception cref="ArgumentException">The stream can't be read or can't seek.</exception>
    /// <exception cref="SwanImageException">It is not a TIFF, is truncated, corrupt or of an unsupported kind, or has too large
    /// chunks.</exception>
    /// <exception cref="IOException">The stream fails.</exception>
    public static TiffFile Open(Stream stream, string name, ImageDecodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            return new(new TiffSource(stream, name), name, options ?? ImageDecodingOptions.Default);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens a TIFF in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <param name="options">Limits: a chunk, and a window, may have as many pixels as an image. The whole image may have more.</param>
    /// <exception cref="SwanImageException">It is not a TIFF, is truncated, corrupt or of an unsupported kind, or has too large
    /// chunks.</exception>
    public static TiffFile Open(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(new TiffSource(bytes, name), name, options ?? ImageDecodingOptions.Default);
    }

    /// <summary>Opens a TIFF in memory that will be read whole.</summary>
    /// <exception cref="SwanImageException">As <see cref="Open(ReadOnlyMemory{byte}, string, ImageDecodingOptions?)"/> throws, or its
    /// image has more pixels than the limits allow.</exception>
    public static TiffFile OpenWhole(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options) =>
        new(new TiffSource(bytes, name), name, options, whole: true);

    /// <summary>The mask of the image or of an overview; null where it has none of its own.</summary>
    public TiffImage? MaskOf(TiffImage image) => _pyramid.Value.MaskOf(image);

    public void Dispose() => _source.Dispose();
}
