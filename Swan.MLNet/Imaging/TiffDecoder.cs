using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>TIFF through LibTiff.NET: the first image of a file, 8 or 16 bits a sample (1 to 8 for grey and palette), grey, RGB, palette, CMYK or YCbCr, with or without alpha.</summary>
internal static class TiffDecoder
{
    static TiffDecoder() => Tiff.SetErrorHandler(new SilentHandler());

    public static bool IsTiff(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) || bytes.StartsWith("II+\0"u8) || bytes.StartsWith("MM\0+"u8);

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        try
        {
            using var stream = new MemoryStream(bytes.ToArray(), writable: false);
            using Tiff? tiff = Tiff.ClientOpen(name, "r", stream, new TiffStream());
            if (tiff is null) throw new SwanImageException(name, ImageFault.Corrupt, "it starts like a TIFF, but its directory can't be read.");
            return Decode(tiff, name, options);
        }
        catch (Exception e) when (e is not (SwanImageException or OutOfMemoryException))
        {
            // LibTiff.NET answers malformed files with whatever its arithmetic runs into.
            throw new SwanImageException(name, ImageFault.Corrupt, $"its TIFF structure can't be decoded ({e.GetType().Name}: {e.Message})", e);
        }
    }

    private static RgbImage Decode(Tiff tiff, string name, ImageDecodingOptions options)
    {
        int width = Field(tiff, TiffTag.IMAGEWIDTH), height = Field(tiff, TiffTag.IMAGELENGTH);
        ImageDecoder.CheckPixels(name, width, height, options);
        int bits = Field(tiff, TiffTag.BITSPERSAMPLE, 1), samples = Field(tiff, TiffTag.SAMPLESPERPIXEL, 1);
        var photometric = (Photometric)Field(tiff, TiffTag.PHOTOMETRIC, (int)Photometric.MINISBLACK);
        var format = (SampleFormat)Field(tiff, TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT);
        if (format is not (SampleFormat.UINT or SampleFormat.VOID) || bits is not (1 or 2 or 4 or 8 or 16))
            throw new SwanImageException(name, ImageFault.Unsupported, $"it has {bits}-bit {format} samples; unsigned samples of 1, 2, 4, 8 or 16 bits are read. Scale it to 8 bits first: how to stretch its range is a choice that only you can make.");

        bool simple = photometric is Photometric.MINISBLACK or Photometric.MINISWHITE or Photometric.RGB or Photometric.PALETTE || (photometric == Photometric.SEPARATED && samples >= 4);
        RgbImage image = simple ? TiffSamples.Read(tiff, name, width, height, bits, samples, photometric) : ReadThroughRgba(tiff, name, width, height);
        return Upright(image, new ExifOrientation(Field(tiff, TiffTag.ORIENTATION, 1)));
    }

    // YCbCr and the rarer colour spaces: LibTiff converts them itself, and turns the image upright in doing so only to the top left.
    private static RgbImage ReadThroughRgba(Tiff tiff, string name, int width, int height)
    {
        if (!tiff.RGBAImageOK(out string problem)) throw new SwanImageException(name, ImageFault.Unsupported, $"its colours can't be converted: {problem}. Convert it to an RGB TIFF or PNG.");
        var raster = new int[checked(width * height)];
        if (!tiff.ReadRGBAImageOriented(width, height, raster, Orientation.TOPLEFT, stopOnError: true))
            throw new SwanImageException(name, ImageFault.Truncated, "it ends before its image does, or its coded data can't be decoded.");
        var pixels = new byte[width * height * 3];
        for (int i = 0; i < raster.Length; i++)
        {
            pixels[i * 3] = (byte)Tiff.GetR(raster[i]);
            pixels[i * 3 + 1] = (byte)Tiff.GetG(raster[i]);
            pixels[i * 3 + 2] = (byte)Tiff.GetB(raster[i]);
        }

        return new RgbImage(width, height, pixels);
    }

    private static RgbImage Upright(RgbImage stored, ExifOrientation orientation)
    {
        if (orientation.Value is < 2 or > 8) return stored;
        (int width, int height) = orientation.SwapsSides ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        var pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int fromX, int fromY) = orientation.Source(x, y, stored.Width, stored.Height);
                stored.Pixels.AsSpan((fromY * stored.Width + fromX) * 3, 3).CopyTo(pixels.AsSpan((y * width + x) * 3));
            }
        }

        return new RgbImage(width, height, pixels);
    }

    private static int Field(Tiff tiff, TiffTag tag, int otherwise = 0) => tiff.GetFieldDefaulted(tag) is { Length: > 0 } values ? values[0].ToInt() : otherwise;

    /// <summary>Problems become exceptions with the file's name; nothing is printed.</summary>
    private sealed class SilentHandler : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }
}
