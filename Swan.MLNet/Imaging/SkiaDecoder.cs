using System.Buffers;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace Swan.MLNet.Imaging;

/// <summary>JPEG, PNG, WebP, BMP and GIF through Skia.</summary>
internal static class SkiaDecoder
{
    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];

    private static ReadOnlySpan<byte> PngStart => [0x89, 0x50, 0x4E, 0x47];

    public static unsafe RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        using MemoryHandle pin = bytes.Pin();
        using var data = SKData.Create((nint)pin.Pointer, bytes.Length);
        using SKCodec? codec = SKCodec.Create(data);
        if (codec is null)
        {
            throw LooksLikeAnImage(bytes.Span)
                ? new SwanImageException(name, ImageFault.Corrupt, "it starts like an image, but its header can't be read.")
                : new SwanImageException(name, ImageFault.NotAnImage, "its bytes are of no known format. JPEG, PNG, WebP, BMP, GIF and TIFF are read.");
        }

        ImageDecoder.CheckPixels(name, codec.Info.Width, codec.Info.Height, options);
        // Unpremultiplied, so that dropping alpha leaves the colours that the file has.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        nint rgba = (nint)NativeMemory.AllocZeroed((nuint)info.BytesSize64);
        try
        {
            SKCodecResult result = codec.GetPixels(info, rgba);
            if (result != SKCodecResult.Success) throw Fault(result, name);
            return Upright(new ReadOnlySpan<byte>((void*)rgba, checked((int)info.BytesSize64)), info.Width, info.Height, codec.EncodedOrigin);
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

    private static RgbImage Upright(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        ExifOrientation orientation = new((int)origin);
        (int upWidth, int upHeight) = orientation.SwapsSides ? (height, width) : (width, height);
        var pixels = new byte[checked(upWidth * upHeight * 3)];
        for (int y = 0; y < upHeight; y++)
        {
            for (int x = 0; x < upWidth; x++)
            {
                (int fromX, int fromY) = orientation.Source(x, y, width, height);
                rgba.Slice((fromY * width + fromX) * 4, 3).CopyTo(pixels.AsSpan((y * upWidth + x) * 3));
            }
        }

        return new RgbImage(upWidth, upHeight, pixels);
    }

    private static bool LooksLikeAnImage(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(JpegStart) || bytes.StartsWith(PngStart) || bytes.StartsWith("GIF8"u8) || bytes.StartsWith("BM"u8)
        || (bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8));
}
