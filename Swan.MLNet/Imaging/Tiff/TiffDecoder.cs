using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>
/// TIFF through LibTiff.NET: the first image of a file, unsigned samples of 1 to 16 bits, gray, RGB, palette, CMYK or YCbCr, strips or
/// tiles, with or without alpha. An alpha that the colors have been multiplied by is divided out, then dropped like any other.
/// </summary>
internal static class TiffDecoder
{
    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options)
    {
        try
        {
            TiffStructure.Check(bytes.Span, name, options);
            using MemoryStream stream = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array)
                ? new(array.Array!, array.Offset, array.Count, writable: false)
                : new(bytes.ToArray(), writable: false);
            return TiffErrors.Silence(() =>
            {
                using Tiff? tiff = Tiff.ClientOpen(name, "r", stream, new TiffStream());
                return tiff is null
                    ? throw new SwanImageException(name, ImageFault.Corrupt,
                        "it starts like a TIFF, but its directory can't be read. Copy it again from its source.")
                    : Decode(tiff, name, bytes.Length, options);
            });
        }
        catch (Exception e) when (
            e is not (SwanImageException or OutOfMemoryException or OperationCanceledException) && !IsMachineFault(e))
        {
            // LibTiff.NET answers malformed files with whatever its arithmetic runs into.
            throw new SwanImageException(
                name, ImageFault.Corrupt, $"its TIFF structure can't be decoded ({e.GetType().Name}: {e.Message})", e);
        }
    }

    // A native library that doesn't load (Skia decodes JPEG tiles) is no fault of the file.
    private static bool IsMachineFault(Exception e) => MachineFault.Is(e)
        || e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException;

    private static RgbImage Decode(Tiff tiff, string name, long fileBytes, ImageDecodingOptions options)
    {
        TiffFields fields = TiffFields.Read(tiff, name, fileBytes, options);
        DecodeTurn.Charge(fields.DecodingBytes);
        byte[] rgb = fields.Photometric != Photometric.YCBCR ? TiffColors.ToRgb(tiff, name, TiffSamples.Read(tiff, name, fields), fields)
            : TiffJpeg.Suits(fields) ? TiffJpeg.Read(tiff, name, fields)
            : ReadThroughRgba(tiff, name, fields);
        return fields.Orientation.IsUpright
            ? new RgbImage(fields.Width, fields.Height, rgb)
            : fields.Orientation.Upright(rgb, 3, fields.Width, fields.Height);
    }

    // YCbCr that is not JPEG: LibTiff converts it itself. Asked for the orientation that the file has, it leaves the rows where they are.
    private static byte[] ReadThroughRgba(Tiff tiff, string name, TiffFields fields)
    {
        if (!tiff.RGBAImageOK(out string problem))
        {
            throw new SwanImageException(name, ImageFault.Unsupported,
                $"its colors can't be converted: {problem}. Convert it to an RGB TIFF or PNG.");
        }
        var raster = new int[checked(fields.Width * fields.Height)];
        Orientation stored = fields.Orientation.IsUpright ? Orientation.TOPLEFT : (Orientation)fields.Orientation.Value;
        if (!tiff.ReadRGBAImageOriented(fields.Width, fields.Height, raster, stored, stopOnError: true))
        {
            throw new SwanImageException(name, ImageFault.Truncated,
                "it ends before its image does, or its coded data can't be decoded. Copy it again from its source.");
        }
        byte[] rgb = GC.AllocateUninitializedArray<byte>(checked(raster.Length * 3));
        for (int i = 0; i < raster.Length; i++)
        {
            rgb[i * 3] = (byte)Tiff.GetR(raster[i]);
            rgb[i * 3 + 1] = (byte)Tiff.GetG(raster[i]);
            rgb[i * 3 + 2] = (byte)Tiff.GetB(raster[i]);
        }

        return rgb;
    }
}
