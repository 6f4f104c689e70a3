namespace Swan.MLNet.Imaging;

/// <summary>Names a file of an unsupported format by its first bytes, for the error.</summary>
internal static class ForeignFormat
{
    private static readonly (string Name, byte[] Signature, int At)[] Known =
    [
        ("JPEG 2000", [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20], 0),
        ("JPEG 2000", [0xFF, 0x4F, 0xFF, 0x51], 0),
        ("JPEG XL", [0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20], 0),
        ("JPEG XL", [0xFF, 0x0A], 0),
        ("AVIF", "ftypavif"u8.ToArray(), 4),
        ("HEIC", "ftyphei"u8.ToArray(), 4),
        ("HEIF", "ftypmif1"u8.ToArray(), 4),
        ("a Photoshop document", "8BPS"u8.ToArray(), 0),
        ("an icon (ICO)", [0, 0, 1, 0], 0),
        ("DDS", "DDS "u8.ToArray(), 0),
        ("FITS", "SIMPLE  ="u8.ToArray(), 0),
        ("NITF", "NITF"u8.ToArray(), 0),
        ("ERDAS IMAGINE", "EHFA_HEADER_TAG"u8.ToArray(), 0),
        ("HDF5", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], 0),
        ("HDF4", [0x0E, 0x03, 0x13, 0x01], 0),
        ("netCDF", "CDF"u8.ToArray(), 0),
        ("PDF", "%PDF"u8.ToArray(), 0),
        ("a zip archive", [0x50, 0x4B, 0x03, 0x04], 0),
        ("gzip", [0x1F, 0x8B], 0),
        ("a Git LFS pointer, not the image itself: fetch it with 'git lfs pull'", "version https://git-lfs"u8.ToArray(), 0),
        ("a web page, perhaps the server's error page", "<!DOCTYPE html"u8.ToArray(), 0),
        ("a web page, perhaps the server's error page", "<!doctype html"u8.ToArray(), 0),
        ("a web page, perhaps the server's error page", "<html"u8.ToArray(), 0),
        ("SVG, which has no pixels", "<svg"u8.ToArray(), 0),
        ("XML", "<?xml"u8.ToArray(), 0),
    ];

    /// <summary>Null for an unknown format.</summary>
    public static string? NameOf(ReadOnlySpan<byte> bytes)
    {
        foreach ((string name, byte[] signature, int at) in Known)
        {
            if (bytes.Length > at && bytes[at..].StartsWith(signature)) return name;
        }

        return null;
    }
}
