using System.Runtime.InteropServices;
using SkiaSharp;
using Swan.Geo.Search;

namespace SceneSearch.Web.Maps;

/// <summary>Pictures as bytes for browsers and for the disk.</summary>
internal static class PictureCodec
{
    public const string ContentType = "image/webp";

    public static byte[] Encode(byte[] bgra, int width, int quality)
    {
        var info = new SKImageInfo(width, bgra.Length / 4 / width, SKColorType.Bgra8888, SKAlphaType.Unpremul);
        GCHandle pinned = GCHandle.Alloc(bgra, GCHandleType.Pinned);
        try
        {
            using var pixels = new SKPixmap(info, pinned.AddrOfPinnedObject());
            using SKData data = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, quality));
            return data.ToArray();
        }
        finally
        {
            pinned.Free();
        }
    }

    /// <summary>Decodes what <see cref="Encode"/> made; null where it is something else.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="columnStep">Columns of the scene that one of the picture stands for.</param>
    /// <param name="rowStep">Rows.</param>
    public static SwanScenePicture? TryDecode(byte[] bytes, double columnStep, double rowStep)
    {
        using var codec = SKCodec.Create(new MemoryStream(bytes));
        if (codec is null) return null;
        SKImageInfo info = codec.Info.WithColorType(SKColorType.Bgra8888).WithAlphaType(SKAlphaType.Unpremul);
        var pixels = new byte[info.BytesSize];
        GCHandle pinned = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            if (codec.GetPixels(info, pinned.AddrOfPinnedObject()) != SKCodecResult.Success) return null;
        }
        finally
        {
            pinned.Free();
        }
        return new SwanScenePicture
        {
            Column = 0, Row = 0, ColumnStep = columnStep, RowStep = rowStep, Width = info.Width, Height = info.Height, Bgra = pixels,
        };
    }
}
