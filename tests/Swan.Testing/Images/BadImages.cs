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
            ImageFault.Unsupported, ImageFault.NoData,
        ];

    public static string Write(string folder, ImageFault fault)
    {
        string path = Path.Combine(folder, $"{fault}.{(fault is ImageFault.Unsupported or ImageFault.NoData ? "tif" : "png")}");
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
            // One value all over: how bright it is, only its owner knows.
            case ImageFault.Unsupported:
                File.WriteAllBytes(path, new WrittenTiff(4, 2, 1, 32, (_, _, _) => 0.5) { Format = 3 }.Write());
                break;
            case ImageFault.NoData: File.WriteAllBytes(path, new WrittenTiff(4, 2, 1, 16, (_, _, _) => 7) { NoData = "7" }.Write()); break;
            default: throw new ArgumentOutOfRangeException(nameof(fault), fault, "not made here");
        }
        return path;
    }
}
