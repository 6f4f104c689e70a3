using System.Buffers;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace Swan.MLNet.Imaging;

/// <summary>JPEG, PNG, WebP, BMP and GIF through Skia.</summary>
internal static class SkiaDecoder
{
    public static unsafe RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        using MemoryHandle pin = bytes.Pin();
        using var data = SKData.Create((nint)pin.Pointer, bytes.Length);
        using SKCodec? codec = SKCodec.Create(data);
        if (codec is null)
        {
            throw LooksLikeAnImage(bytes.Span)
                ? new SwanImageException(name, ImageFault.Corrupt, "it starts like an image, but its header can't be read. Copy it again from its source.")
                : new SwanImageException(name, ImageFault.NotAnImage, "its bytes are of no known format. JPEG, PNG, WebP, BMP, GIF and TIFF are read.");
        }

        // Skia knows more formats than are promised here; one of them, WBMP, is whatever begins with two zeros.
        if (codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp or SKEncodedImageFormat.Bmp or SKEncodedImageFormat.Gif))
            throw new SwanImageException(name, ImageFault.NotAnImage, $"it looks like {codec.EncodedFormat}. JPEG, PNG, WebP, BMP, GIF and TIFF are read.");

        options.CheckPixels(name, codec.Info.Width, codec.Info.Height);
        if (JpegMarkers.IsJpeg(bytes.Span)) JpegMarkers.Check(bytes.Span, name);
        ExifOrientation orientation = PngChunks.IsPng(bytes.Span) ? PngChunks.Check(bytes.Span, name) : new((int)codec.EncodedOrigin);

        // Unpremultiplied, so that dropping alpha leaves the colours that the file has; no colour space, so that they aren't converted.
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

    private static SwanImageException Fault(SKCodecResult result, string name) => result switch
    {
        SKCodecResult.IncompleteInput => new(name, ImageFault.Truncated, "it ends before its image does. Copy it again from its source."),
        SKCodecResult.Unimplemented or SKCodecResult.InvalidConversion => new(name, ImageFault.Unsupported, $"Skia can't decode this kind of image ({result}). Convert it to PNG or JPEG."),
        _ => new(name, ImageFault.Corrupt, $"its coded data can't be decoded ({result}). Copy it again from its source."),
    };

    private static bool LooksLikeAnImage(ReadOnlySpan<byte> bytes) =>
        JpegMarkers.IsJpeg(bytes) || bytes is [0x89, 0x50, 0x4E, 0x47, ..] || bytes.StartsWith("GIF8"u8) || bytes.StartsWith("BM"u8)
        || (bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8));
}
