using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>
/// TIFF as a picture: the first image of a file, unsigned samples of 1 to 16 bits, gray, RGB, palette, CMYK or YCbCr, strips or tiles,
/// with or without alpha. An alpha that the colors have been multiplied by is divided out, then dropped like any other.
/// </summary>
internal static class TiffDecoder
{
    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        using TiffFile file = TiffFile.OpenWhole(bytes, name, options);
        TiffFields fields = file.Image.Fields;
        ThrowUnlessPicture(fields, name);
        DecodeTurn.Charge(DecodingBytes(file.Image));
        byte[] rgb = TiffColors.ToRgb(name, TiffSamples.Read(file.Image, name), fields);
        return fields.Orientation.IsUpright
            ? new RgbImage(fields.Width, fields.Height, rgb)
            : fields.Orientation.Upright(rgb, 3, fields.Width, fields.Height);
    }

    // A picture's bytes for each step, and what reading takes besides.
    private static long DecodingBytes(TiffImage image)
    {
        TiffFields fields = image.Fields;
        int samples = fields.Colors + (fields.Premultiplied ? 1 + fields.Colors : 0);
        int colors = fields.Photometric == Photometric.RGB ? 0 : 3, upright = fields.Orientation.IsUpright ? 0 : 3;
        return (long)fields.Width * fields.Height * (samples + colors + upright) + image.ReadingBytes;
    }

    private static void ThrowUnlessPicture(TiffFields fields, string name)
    {
        if (fields.Format is not (SampleFormat.UINT or SampleFormat.VOID) || fields.Bits > 16)
        {
            throw new SwanImageException(
                name, ImageFault.Unsupported,
                $"it has {fields.Bits}-bit {fields.Format} samples; unsigned samples of 1 to 16 bits are read. Scale it to 8 bits first: "
                + "how to stretch its range is a choice that only you can make.");
        }

        if (fields.Samples < fields.Colors)
        {
            throw new SwanImageException(name, ImageFault.Corrupt,
                $"it says {fields.Photometric}, which takes {fields.Colors} samples a pixel, but has {fields.Samples}.");
        }
        switch (fields.Photometric)
        {
            case Photometric.RGB or Photometric.SEPARATED:
                break;
            case Photometric.PALETTE when fields.Bits <= 8:
                break;
            case Photometric.MINISBLACK or Photometric.MINISWHITE when fields.Samples <= 2: // the second one is alpha
                break;
            case Photometric.MINISBLACK or Photometric.MINISWHITE:
                throw new SwanImageException(name, ImageFault.Unsupported,
                    $"it has {fields.Samples} bands and doesn't say which are red, green and blue. Select three and write them as an RGB "
                    + "TIFF.");
            default:
                throw new SwanImageException(name, ImageFault.Unsupported,
                    $"its colors are {fields.Photometric} with {fields.Bits} bits; gray, RGB, CMYK, YCbCr and a palette of up to 8 "
                    + "bits are read. Convert it to RGB.");
        }
    }
}
