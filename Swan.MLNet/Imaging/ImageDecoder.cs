using System.Collections.Frozen;
using Microsoft.ML.Data;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>Decodes images of all <see cref="Formats"/> to upright 8-bit RGB.</summary>
/// <remarks>
/// A file's first bytes determine its format, whatever its name.
/// Training and serving share this decoder. Like Pillow's <c>convert("RGB")</c>, it drops alpha and does not blend with a background. A
/// transparent pixel keeps its color from the file (black if it has none, as beside the first frame of an animation).
/// Samples of more than 8 bits are mapped to 8 with the caller's range (<see cref="ImageDecodingOptions.Range"/>). Without one, a TIFF uses
/// its tags SMinSampleValue and SMaxSampleValue, or else two percentiles of its data (<see cref="SampleRange.Default"/>). A 16-bit PNG
/// keeps the high 8 bits; one with no sample of 16,384 or more is refused until the caller gives a range.
/// <see cref="Inspect"/> reports the choice. docs/guide/satellite-images.md describes the rule.
/// Color profiles and gamma are not applied. EXIF and TIFF orientation are; XMP is not read. Only the first of several frames or pages is
/// decoded. A truncated file is an error, never half an image. So is a corrupt file, if its format reveals the corruption.
/// Safe for concurrent use. A call waits for its turn and for memory while the process decodes as much as <see cref="SwanResources"/>
/// allows.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>The names of the formats that are decoded, such as JPEG and TIFF.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. ImageFormat.All.Select(f => f.Name)];

    /// <summary>The file name endings of the formats that are decoded, with the dot; comparison ignores case.</summary>
    public static IReadOnlySet<string> Extensions { get; } =
        ImageFormat.All.SelectMany(f => f.Extensions).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; the defaults when null.</param>
    /// <exception cref="SwanImageException">The file is missing, empty, not an image, truncated, corrupt, too large or
    /// unsupported.</exception>
    /// <exception cref="IOException">This machine can't read the file, which may be fine: too many files are open, a disk fails, or a
    /// network is down.</exception>
    public static RgbImage Decode(string path, ImageDecodingOptions? options = null)
    {
        using IncomingFile file = ReadFile(path, options);
        return file.Decode();
    }

    /// <summary>Decodes a file and reports how it was read: bands, range, and pixels without data.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits, range and bands; the defaults when null.</param>
    /// <exception cref="SwanImageException">The file is missing, empty, not an image, truncated, corrupt, too large or
    /// unsupported.</exception>
    /// <exception cref="IOException">This machine can't read it.</exception>
    public static ImageReading Inspect(string path, ImageDecodingOptions? options = null) => Decode(path, options).Reading!;

    /// <summary>Whether decoding a file takes a smaller scale of it; the file is read, and not decoded.</summary>
    /// <exception cref="SwanImageException">The file is missing, empty, too large or can't be read.</exception>
    /// <exception cref="IOException">This machine can't read it.</exception>
    internal static bool IsScaled(string path, ImageDecodingOptions options)
    {
        using IncomingFile file = ReadFile(path, options);
        return JpegSegments.IsJpeg(file.Bytes.Span) && JpegSegments.Eighths(file.Bytes.Span, path, options) < JpegScale.Full;
    }

    /// <summary>Reads a file's bytes within the limits, without decoding them.</summary>
    /// <exception cref="SwanImageException">The file is missing, empty, too large or can't be read.</exception>
    /// <exception cref="IOException">This machine can't read it.</exception>
    /// <returns>The caller disposes it, and has its bytes until then.</returns>
    internal static IncomingFile ReadFile(string path, ImageDecodingOptions? options)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = new IncomingFile(path, options ?? ImageDecodingOptions.Default);
        try
        {
            file.Read(CancellationToken.None);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Decodes a file's bytes.</summary>
    /// <remarks>All encoded images pass through this method, wherever their bytes come from.</remarks>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <param name="options">Limits; the defaults when null.</param>
    /// <exception cref="SwanImageException">The bytes are empty, not an image, truncated, corrupt, too large or unsupported.</exception>
    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        options ??= ImageDecodingOptions.Default;
        if (bytes.IsEmpty) throw new SwanImageException(name, ImageFault.Empty, "it has no bytes.");
        CheckLength(name, bytes.Length, options);
        using DecodeTurn? turn = DecodeTurn.BeginUnlessInside();
        if (ImageFormat.Detect(bytes.Span) is { } format)
        {
            using ActiveDecode active = ActiveDecode.Begin();
            try
            {
                RgbImage image = format.Decode(bytes, name, options);
                image.Reading ??= new ImageReading
                {
                    Format = format.Name,
                    Width = image.Width,
                    Height = image.Height,
                    Orientation = image.Orientation,
                };
                return image;
            }
            catch (OutOfMemoryException e) when (IsLarge)
            {
                throw new SwanImageException(name, ImageFault.TooLarge,
                    $"the {DecodeTurn.Charged:N0} bytes of memory that decoding needs were not available. "
                    + $"{ImageDecodingOptions.Tile(name)}, or allow more memory.",
                    e);
            }
        }
        string found = ForeignFormat.NameOf(bytes.Span) is { } other ? $"it is {other}." : "its bytes match no known format.";
        throw new SwanImageException(name, ImageFault.NotAnImage, $"{found} {ImageFormat.Sentence}");
    }

    // If a small image finds no memory, the image is not at fault.
    private static bool IsLarge => DecodeTurn.Charged > WorkFrame.Process.Pixels.Limit / 2;

    /// <summary>Takes the pixels of an ML.NET image.</summary>
    /// <remarks>
    /// ML.NET's own decoder made them. It ignores orientation and multiplies colors by their alpha, which can't be detected afterward. A
    /// rotated JPEG or a translucent PNG therefore gets a different embedding than through its path.
    /// </remarks>
    /// <exception cref="SwanImageException">
    /// The pixel format is neither BGRA nor RGBA, or a side is longer than <see cref="ImageDecodingOptions.MaxSide"/>.
    /// </exception>
    public static RgbImage FromMLImage(MLImage image) => Take(image, static image => new RgbImage(
        image.Width, image.Height, GC.AllocateUninitializedArray<byte>(checked(image.Width * image.Height * 3))));

    /// <summary>As <see cref="FromMLImage(MLImage)"/>, into a buffer that is rented when the image is one that is taken.</summary>
    internal static RgbImage FromMLImage(MLImage image, Func<int, PooledBuffer> rent) =>
        Take(image, image => new RgbImage(image.Width, image.Height, rent(checked(image.Width * image.Height * 3))));

    private static RgbImage Take(MLImage image, Func<MLImage, RgbImage> make)
    {
        ArgumentNullException.ThrowIfNull(image);
        int red = image.PixelFormat switch
        {
            MLPixelFormat.Rgba32 => 0,
            MLPixelFormat.Bgra32 => 2,
            _ => throw new SwanImageException(image.Tag ?? "an MLImage", ImageFault.Unsupported,
                $"its pixel format is {image.PixelFormat}; expected Rgba32 or Bgra32."),
        };
        ImageDecodingOptions.CheckSides(image.Tag ?? "an MLImage", image.Width, image.Height);
        ReadOnlySpan<byte> source = image.Pixels;
        RgbImage taken = make(image);
        PixelPacking.ToRgb(source, taken.Rgb, red);
        return taken;
    }

    internal static void CheckLength(string name, long bytes, ImageDecodingOptions options)
    {
        if (bytes == 0) throw new SwanImageException(name, ImageFault.Empty, "it has no bytes.");
        if (bytes > options.MaxBytes)
        {
            throw new SwanImageException(name, ImageFault.TooLarge,
                $"it has {bytes} bytes, more than the limit of {options.MaxBytes}. "
                + $"{ImageDecodingOptions.Tile(name)}, or raise {nameof(ImageDecodingOptions.MaxBytes)} (swan embed: --max-bytes).");
        }
    }
}
