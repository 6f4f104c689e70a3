using System.Buffers.Binary;
using SkiaSharp;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Fuzz;

/// <summary>JPEG, PNG, WebP, GIF and BMP: decoded twice, with the same pixels, and in smaller scales, with the same faults.</summary>
internal sealed class ImageTarget : FuzzTarget
{
    private static readonly ImageDecodingOptions s_options = new() { MaxPixels = 1 << 20 };

    // Sides of encoders so small that pictures of a few pixels are decoded in each of a JPEG's scales.
    private static readonly int[] s_sides = [2, 3, 4, 6];

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        byte[] rgb = new byte[9 * 7 * 3], jpeg = EncodedImages.Jpeg(24, 17);
        new Random(1).NextBytes(rgb);
        yield return ("photo.jpg", jpeg);
        yield return ("turned.jpg", ImageFiles.JpegWithOrientation(jpeg, 6));
        yield return ("commented.jpg", EncodedImages.With(jpeg, (0xFE, "comment"u8.ToArray()), (0xED, new byte[9])));
        yield return ("two-frames.jpg",
            [.. jpeg[..^2], 0xFF, 0xC0, 0, 17, 8, 0x1F, 0x40, 0x1F, 0x40, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xD9]);
        yield return ("colors.png", EncodedImages.Png(9, 7));
        yield return ("transparent.png", EncodedImages.Png(9, 7, transparent: true));
        yield return ("palette.png", ImageFiles.PalettePng([0, 1, 2, 1, 0, 2], [255, 0, 0, 0, 255, 0, 0, 0, 255], 3, 2));
        yield return ("turned.png", ImageFiles.PngWithChunk(EncodedImages.Png(9, 7), "eXIf", ImageFiles.Exif(3)));
        yield return ("lossy.webp", ImageFiles.Skia(ImageFiles.WithAlpha(rgb), 9, 7, SKEncodedImageFormat.Webp, 40));
        yield return ("lossless.webp", EncodedImages.WebP(9, 7));
        yield return ("transparent.webp", ImageFiles.Skia(ImageFiles.WithAlpha(rgb, 90), 9, 7, SKEncodedImageFormat.Webp, 100));
        yield return ("colors.gif", ImageFiles.Gif(ImageFiles.Colors, 3, 2));
        yield return ("transparent.gif", ImageFiles.Gif(ImageFiles.Colors, 3, 2, transparent: 1));
        yield return ("colors.bmp", ImageFiles.Bmp(rgb, 9, 7));
    }

    public override void Run(byte[] bytes)
    {
        WriteChecksums(bytes);
        (RgbImage? first, ImageFault? fault) = Decode(bytes, s_options);
        foreach (int side in s_sides)
        {
            (RgbImage? scaled, ImageFault? other) = Decode(bytes, s_options with { ScaledSide = side });
            if (fault != other) throw Broken($"{fault} as a whole, but {other} for an encoder of {side}");
            if (scaled is null) continue;
            ImagePreprocessor.Prepare(scaled, new() { Size = side }, new byte[side * side * 3]);
            if ((first!.Width, first.Height) != (scaled.Reading!.Width, scaled.Reading.Height))
                throw Broken($"the same file has other sides for an encoder of {side}");
        }
        if (first is null) return;
        RgbImage second = ImageDecoder.Decode(bytes, "fuzzed", s_options);
        if (first.Width != second.Width || first.Height != second.Height || !first.Pixels.AsSpan().SequenceEqual(second.Pixels))
            throw Broken("the same file was decoded to other pixels");
    }

    private static (RgbImage?, ImageFault?) Decode(byte[] bytes, ImageDecodingOptions options)
    {
        try
        {
            return (ImageDecoder.Decode(bytes, "fuzzed", options), null);
        }
        catch (SwanImageException e)
        {
            return (null, e.Fault);
        }
    }

    // Or no changed PNG would get past its chunks' checksums.
    private static void WriteChecksums(Span<byte> png)
    {
        if (png.Length < 8 || png[0] != 0x89 || png[1] != 'P') return;
        for (int at = 8; at <= png.Length - 12;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
            if (length > png.Length - at - 12) return;
            Span<byte> typed = png.Slice(at + 4, (int)length + 4);
            BinaryPrimitives.WriteUInt32BigEndian(png[(at + 8 + (int)length)..], ImageFiles.Crc(typed));
            at += 12 + (int)length;
        }
    }
}
