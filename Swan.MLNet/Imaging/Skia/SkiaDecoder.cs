using System.Buffers;
using System.Runtime.InteropServices;
using SkiaSharp;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>JPEG, PNG, WebP, BMP and GIF through Skia, which sees what their own classes keep of a file.</summary>
internal static class SkiaDecoder
{
    // Four bytes of RGBA that Skia fills and three of the RGB that is kept.
    private const int PixelBytes = 7;

    /// <param name="bytes">What its format's class keeps of a file.</param>
    /// <param name="orientation">How the picture is turned.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="options">Limits.</param>
    /// <param name="besides">Bytes a pixel that the codec holds beside the picture; null where all memory has been charged already.</param>
    public static unsafe RgbImage Decode(
        ReadOnlyMemory<byte> bytes, ExifOrientation orientation, string name, ImageDecodingOptions options, int? besides)
    {
        using MemoryHandle pin = bytes.Pin();
        using var data = SKData.Create((nint)pin.Pointer, bytes.Length);
        using SKCodec codec = SKCodec.Create(data) ?? throw SwanImageException.Corrupt(
            name, "it starts like an image, but its header can't be read");
        options.CheckPixels(name, codec.Info.Width, codec.Info.Height);
        if (besides is { } more) DecodeTurn.Charge((long)codec.Info.Width * codec.Info.Height * (PixelBytes + more));

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

    private static SwanImageException Fault(SKCodecResult result, string name) => result switch
    {
        SKCodecResult.IncompleteInput => SwanImageException.Truncated(name),
        SKCodecResult.Unimplemented or SKCodecResult.InvalidConversion =>
            new(name, ImageFault.Unsupported, $"Skia can't decode this kind of image ({result}). Convert it to PNG or JPEG."),
        _ => SwanImageException.Corrupt(name, $"its coded data can't be decoded ({result})"),
    };
}
