using System.Runtime.InteropServices;
using SkiaSharp;
using Swan.Geo.Places;
using Swan.Geo.Scenes;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Search;

/// <summary>Pictures of places for people, as the model saw them: one range for all windows of a scene.</summary>
/// <remarks>Keeps the scene that was read last open. Not safe for concurrent use.</remarks>
/// <param name="scenes">What is known of the scenes.</param>
internal sealed class WindowPictures(LiveScenes.State scenes) : IDisposable
{
    private const int Quality = 85;
    private const int BytesAtATime = 32 << 20;
    private SceneImage? _open;
    private string? _path;

    /// <summary>A place's picture as JPEG, with the shape of the window.</summary>
    /// <param name="place">Of the index.</param>
    /// <param name="side">Pixels of the longer side, at most.</param>
    /// <param name="token">Ends reading.</param>
    /// <returns>Empty where the scene is gone, or is not what was indexed.</returns>
    public ReadOnlyMemory<byte> Jpeg(Place place, int side, CancellationToken token)
    {
        if (Open(place, token) is not { } image) return default;
        WindowGrid grid = WindowGrid.Whole(place.Width, place.Height, side);
        var rows = new ReducedRows(grid, new ScenePanel(0, place.Width, 0, place.Width));
        int bytes = place.Width * 4, atATime = Math.Max(1, BytesAtATime / bytes);
        var strip = new byte[(long)bytes * Math.Min(atATime, place.Height)];
        for (int y = 0; y < grid.Down.Size; y += atATime)
        {
            int count = Math.Min(atATime, grid.Down.Size - y);
            image.Read(new PixelWindow(place.Column, place.Row + y, place.Width, count), strip, token);
            for (int row = 0; row < count; row++) rows.Add(strip.AsSpan(row * bytes, bytes));
        }
        var pixels = new byte[rows.Width * rows.Height * 4];
        rows.CopyTo(grid.Windows.Single(), pixels);
        return Encoded(pixels, rows.Width, rows.Height, side);
    }

    public void Dispose() => _open?.Dispose();

    private static byte[] Encoded(byte[] pixels, int width, int height, int side)
    {
        var info = new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var whole = new SKBitmap(info);
        Marshal.Copy(pixels, 0, whole.GetPixels(), pixels.Length);
        double scale = Math.Min(1, side / (double)Math.Max(width, height));
        using SKBitmap small = whole.Resize(
            info.WithSize(Math.Max(1, (int)(width * scale)), Math.Max(1, (int)(height * scale))), SKFilterQuality.Medium);
        using SKData data = small.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }

    private SceneImage? Open(Place place, CancellationToken token)
    {
        if (scenes.SceneOf(place) is not { } scene) return null;
        if (_path != place.Scene)
        {
            _open?.Dispose();
            (_open, _path) = (null, null);
            if (!SceneFile.Of(scenes.Folder, place.Scene).LooksLike(scene)) return null;
            (_open, _path) = (SceneImage.Open(place.Scene, scenes.Decoding(scene), token), place.Scene);
        }
        return place.Column + place.Width <= _open!.Width && place.Row + place.Height <= _open.Height ? _open : null;
    }
}
