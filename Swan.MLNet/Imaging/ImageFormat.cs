namespace Swan.MLNet.Imaging;

/// <summary>Recognizes a format by a file's first bytes.</summary>
internal delegate bool HasSignature(ReadOnlySpan<byte> bytes);

/// <summary>Decodes a whole file.</summary>
/// <exception cref="SwanImageException">It is truncated, corrupt, too large or unsupported.</exception>
internal delegate RgbImage DecodeImage(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options);

/// <summary>All that is known of an image format.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Extensions">The endings of its files' names, with the dot, in lower case.</param>
/// <param name="Signature">No two formats have the same.</param>
/// <param name="Decode">Its decoder, safe for concurrent use.</param>
internal sealed record ImageFormat(string Name, string[] Extensions, HasSignature Signature, DecodeImage Decode)
{
    /// <summary>The table, a line for each format; the decoder, its list of endings and its messages are made from it.</summary>
    public static IReadOnlyList<ImageFormat> All { get; } =
    [
        new("JPEG", [".jpg", ".jpeg"], JpegSegments.IsJpeg, JpegSegments.Decode),
        new("PNG", [".png"], b => b is [0x89, 0x50, 0x4E, 0x47, ..], PngChunks.Decode),
        new("WebP", [".webp"], WebpChunks.IsWebp, WebpChunks.Decode),
        new("BMP", [".bmp"], b => b.StartsWith("BM"u8), BmpHeader.Decode),
        new("GIF", [".gif"], b => b.StartsWith("GIF8"u8), GifBlocks.Decode),
        new("TIFF", [".tif", ".tiff"], TiffHeader.IsTiff, TiffDecoder.Decode),
    ];

    /// <summary>Which formats are read, for messages.</summary>
    public static string Sentence { get; } = $"{string.Join(", ", All.SkipLast(1).Select(f => f.Name))} and {All[^1].Name} are read.";

    /// <summary>The format whose signature a file has; null where it has none.</summary>
    public static ImageFormat? Detect(ReadOnlySpan<byte> bytes)
    {
        foreach (ImageFormat format in All)
        {
            if (format.Signature(bytes)) return format;
        }

        return null;
    }
}
