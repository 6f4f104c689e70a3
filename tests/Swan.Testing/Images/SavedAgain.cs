using SkiaSharp;

namespace Swan.Testing;

/// <summary>Copies of image files as people make them: the same picture, other bytes.</summary>
internal static class SavedAgain
{
    /// <summary>Writes the picture as a JPEG.</summary>
    public static void AsJpeg(string source, string copy, int quality = 40)
    {
        using SKBitmap picture = SKBitmap.Decode(source);
        Write(picture, copy, SKEncodedImageFormat.Jpeg, quality);
    }

    /// <summary>Writes the picture with half as many columns and rows, as a PNG.</summary>
    public static void AtHalfSize(string source, string copy)
    {
        using SKBitmap picture = SKBitmap.Decode(source);
        using SKBitmap half = picture.Resize(new SKImageInfo(picture.Width / 2, picture.Height / 2), SKFilterQuality.Medium);
        Write(half, copy, SKEncodedImageFormat.Png, 100);
    }

    private static void Write(SKBitmap picture, string path, SKEncodedImageFormat format, int quality)
    {
        using FileStream file = File.Create(path);
        picture.Encode(file, format, quality);
    }
}
