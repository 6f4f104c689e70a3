using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>Old-style JPEG (compression 6), whose data lie where tags of its own say: the whole image through LibTiff.NET.</summary>
internal static class OldJpegDecoder
{
    private const long MinChunkLimit = 1 << 24, BytesPerPixel = 16;

    /// <summary>Decodes an image, as it is stored, to RGB.</summary>
    public static void Decode(TiffSource source, long directory, string name, TiffFields fields, Span<byte> rgb)
    {
        var raster = new int[checked(fields.Width * fields.Height)];
        TiffErrors.Silence(() =>
        {
            Read(source, directory, name, fields, raster);
            return 0;
        });
        for (int i = 0; i < raster.Length; i++)
        {
            rgb[i * 3] = (byte)Tiff.GetR(raster[i]);
            rgb[i * 3 + 1] = (byte)Tiff.GetG(raster[i]);
            rgb[i * 3 + 2] = (byte)Tiff.GetB(raster[i]);
        }
    }

    private static void Read(TiffSource source, long directory, string name, TiffFields fields, int[] raster)
    {
        using Stream stream = source.AsStream();
        using Tiff? tiff = Tiff.ClientOpen(name, "r", stream, new TiffStream());
        if (tiff is null || tiff.GetField(TiffTag.IMAGEWIDTH)?[0].ToInt() != fields.Width && !tiff.SetSubDirectory(directory))
            throw SwanImageException.Corrupt(name, "its directory can't be read");
        if (!tiff.RGBAImageOK(out string problem))
        {
            throw new SwanImageException(name, ImageFault.Unsupported,
                $"its colors can't be converted: {problem}. Convert it to an RGB TIFF or PNG.");
        }
        // LibTiff.NET trusts the directory's tile sizes, and allocates that memory twice.
        long chunk = tiff.IsTiled() ? tiff.TileSize() : tiff.StripSize();
        if (chunk < 0 || chunk > Math.Max(MinChunkLimit, BytesPerPixel * (long)raster.Length))
        {
            throw SwanImageException.Corrupt(
                name, $"one of its tiles or strips takes {chunk} bytes, far more than its {fields.Width}×{fields.Height} pixels");
        }
        // Asked for the orientation that the file has, LibTiff.NET leaves the rows where they are.
        Orientation stored = fields.Orientation.IsUpright ? Orientation.TOPLEFT : (Orientation)fields.Orientation.Value;
        if (!tiff.ReadRGBAImageOriented(fields.Width, fields.Height, raster, stored, stopOnError: true))
            throw SwanImageException.Corrupt(name, "its old-style JPEG can't be decoded");
    }
}
