using System.Buffers;
using System.Runtime.InteropServices;
using SkiaSharp;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>JPEG, PNG, WebP, BMP and GIF through Skia.</summary>
internal static class SkiaDecoder
{
    // Four bytes of RGBA that Skia fills and three of the RGB that is kept.
    private const int PixelBytes = 7;

    // Beside them: a progressive JPEG's coefficients, three of two bytes; the picture that an interlaced PNG or a lossless WebP builds up.
    private const int CoefficientBytes = 6, PictureBytes = 4;

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options) =>
        Decode(bytes, name, options, charge: true);

    /// <summary>Decodes a part of an image whose memory is charged as a whole.</summary>
    public static RgbImage DecodePart(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options) =>
        Decode(bytes, name, options, charge: false);

    private static unsafe RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options, bool charge)
    {
        using MemoryHandle pin = bytes.Pin();
        using var data = SKData.Create((nint)pin.Pointer, bytes.Length);
        using SKCodec codec = SKCodec.Create(data) ?? throw new SwanImageException(
            name, ImageFault.Corrupt, "it starts like an image, but its header can't be read. Copy it again from its source.");
        options.CheckPixels(name, codec.Info.Width, codec.Info.Height);
        if (JpegMarkers.IsJpeg(bytes.Span)) JpegMarkers.Check(bytes.Span, name);
        ExifOrientation orientation = PngChunks.IsPng(bytes.Span) ? PngChunks.Check(bytes.Span, name) : new((int)codec.EncodedOrigin);

        if (charge) DecodeTurn.Charge((long)codec.Info.Width * codec.Info.Height * (PixelBytes + Besides(codec, bytes.Span)));

        // Unpremultiplied, so that dropping alpha leaves the colors that the file has; no color space, so that they aren't converted.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        nint rgba = (nint)NativeMemory.AllocZeroed((nuint)info.BytesSize64);
        try
        {
            SKCodecResult result = codec.GetPixels(info, rgba);
            if (result != SKCodecResult.Success) throw Fault(result, name);
            return orientation.Upright(new ReadOnlySpan<byte>((void*)rgba, checked((int)info.BytesSize64)), 4, info.Width, info.Height);
        }
        finally
        {
            NativeMemory.Free((void*)rgba);
        }
    }

    /// <summary>Skia's name for a file; null where it knows none.</summary>
    /// <remarks>Skia knows more formats than are promised here; one of them, WBMP, is whatever begins with two zeros.</remarks>
    public static unsafe string? NameOf(ReadOnlyMemory<byte> bytes)
    {
        using MemoryHandle pin = bytes.Pin();
        using var data = SKData.Create((nint)pin.Pointer, bytes.Length);
        using SKCodec? codec = SKCodec.Create(data);
        return codec?.EncodedFormat.ToString();
    }

    private static int Besides(SKCodec codec, ReadOnlySpan<byte> bytes) => codec.EncodedFormat switch
    {
        SKEncodedImageFormat.Jpeg => JpegMarkers.IsProgressive(bytes) ? CoefficientBytes : 0,
        SKEncodedImageFormat.Png => PngChunks.IsInterlaced(bytes) ? PictureBytes : 0,
        SKEncodedImageFormat.Webp => PictureBytes,
        _ => 0,
    };

    private static SwanImageException Fault(SKCodecResult result, string name) => result switch
    {
        SKCodecResult.IncompleteInput => new(name, ImageFault.Truncated, "it ends before its image does. Copy it again from its source."),
        SKCodecResult.Unimplemented or SKCodecResult.InvalidConversion =>
            new(name, ImageFault.Unsupported, $"Skia can't decode this kind of image ({result}). Convert it to PNG or JPEG."),
        _ => new(name, ImageFault.Corrupt, $"its coded data can't be decoded ({result}). Copy it again from its source."),
    };
}
