using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Imaging;

namespace Swan.Testing;

/// <summary>Image files that can't be embedded, one for each way of being bad.</summary>
public static class BadImages
{
    /// <summary>Good images have 20×14 = 280 pixels.</summary>
    public const int PixelLimit = 300;

    public static readonly ImageFault[] Kinds =
        [
            ImageFault.Missing, ImageFault.Empty, ImageFault.NotAnImage, ImageFault.Truncated, ImageFault.Corrupt, ImageFault.TooLarge,
            ImageFault.Unsupported,
        ];

    public static string Write(string folder, ImageFault fault)
    {
        string path = Path.Combine(folder, $"{fault}.{(fault == ImageFault.Unsupported ? "tif" : "png")}");
        switch (fault)
        {
            case ImageFault.Missing: break;
            case ImageFault.Empty: File.WriteAllBytes(path, []); break;
            case ImageFault.NotAnImage: File.WriteAllText(path, "not an image"); break;
            case ImageFault.Truncated:
                TinyImages.Write(folder, Path.GetFileName(path), 1);
                File.WriteAllBytes(path, File.ReadAllBytes(path)[..400]);
                break;
            case ImageFault.Corrupt: File.WriteAllBytes(path, [0x89, 0x50, 0x4E, 0x47, 1, 2, 3, 4]); break;
            case ImageFault.TooLarge: TinyImages.Write(folder, Path.GetFileName(path), 1, 20, 16); break;
            case ImageFault.Unsupported: WriteFloats(path); break;
            default: throw new ArgumentOutOfRangeException(nameof(fault), fault, "not made here");
        }
        return path;
    }

    // Elevations, say: how to stretch them to 8 bits only their owner knows.
    private static void WriteFloats(string path)
    {
        using Tiff tiff = Tiff.Open(path, "w");
        tiff.SetField(TiffTag.IMAGEWIDTH, 4);
        tiff.SetField(TiffTag.IMAGELENGTH, 2);
        tiff.SetField(TiffTag.BITSPERSAMPLE, 32);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, 1);
        tiff.SetField(TiffTag.SAMPLEFORMAT, SampleFormat.IEEEFP);
        tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.MINISBLACK);
        tiff.SetField(TiffTag.ROWSPERSTRIP, 2);
        for (int row = 0; row < 2; row++) tiff.WriteScanline(new byte[16], row);
    }
}
