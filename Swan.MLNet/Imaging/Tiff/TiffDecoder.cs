using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>
/// TIFF as a picture: the first image of a file, strips or tiles. Gray, RGB and other bands have samples of any type; palette, CMYK, and
/// colors that an alpha has been multiplied with have unsigned ones of up to 16 bits. That alpha is divided out, then dropped like any
/// other.
/// </summary>
internal static class TiffDecoder
{
    private const int MaxMetadataBytes = 1 << 20;

    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        using TiffFile file = TiffFile.OpenWhole(bytes, name, options);
        TiffFields fields = file.Image.Fields;
        ThrowUnlessPicture(fields, name);
        TiffBands bands = TiffBands.Choose(
            fields, file.Directory.Text(TiffTags.GdalMetadata, MaxMetadataBytes), options.Bands, name);
        var data = new TiffData(file, bands, options, name);
        bool plain = fields.Photometric is Photometric.MINISBLACK or Photometric.MINISWHITE or Photometric.RGB && !fields.Premultiplied;
        return plain || bands.Source == BandSource.Caller ? TiffPicture.Read(data) : ReadColors(data);
    }

    // Palette, inks, and colors multiplied by their alpha: the samples' meaning is fixed, and so is their range.
    private static RgbImage ReadColors(TiffData data)
    {
        TiffFields fields = data.Fields;
        DecodeTurn.Charge(DecodingBytes(data.Image));
        double valid = data.MeasureValidShare();
        SampleMap? map = fields.Bits > 8 ? SampleMap.Settled(data) : null;
        byte[] rgb = TiffColors.ToRgb(data.Name, TiffSamples.Read(data.Image, data.Bands.Taken, map), fields);
        // Ink is dark where its samples are high.
        if (map is { IsAssumed: true } && fields.Photometric != Photometric.SEPARATED) DarkSamples.ThrowIfDark(rgb, data.Name);
        return data.Upright(new RgbImage(fields.Width, fields.Height, rgb), map, valid);
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
        bool anyType = fields.Photometric is Photometric.MINISBLACK or Photometric.MINISWHITE or Photometric.RGB && !fields.Premultiplied;
        if (!anyType && fields.SampleType is not (TiffSampleType.Byte or TiffSampleType.UInt16))
        {
            throw new SwanImageException(
                name, ImageFault.Unsupported,
                $"it has {fields.Bits}-bit {fields.Format} samples of {fields.Photometric}; expected unsigned samples of 1 to 16 bits. "
                + "Convert it to RGB.");
        }

        if (fields.Samples < fields.Colors)
        {
            throw new SwanImageException(name, ImageFault.Corrupt,
                $"its colors are {fields.Photometric}, which needs {fields.Colors} samples per pixel, but it has {fields.Samples}.");
        }
        if (fields.Photometric is not (Photometric.MINISBLACK or Photometric.MINISWHITE or Photometric.RGB or Photometric.SEPARATED)
            && !(fields.Photometric == Photometric.PALETTE && fields.Bits <= 8))
        {
            throw new SwanImageException(name, ImageFault.Unsupported,
                $"its colors are {fields.Photometric} with {fields.Bits} bits; expected gray, RGB, CMYK, YCbCr or a palette of up to 8 "
                + "bits. Convert it to RGB.");
        }
    }
}
