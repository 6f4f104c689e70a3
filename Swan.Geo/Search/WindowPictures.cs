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
    private SceneImage? _open;
    private string? _path;

    /// <summary>A place's picture as JPEG, with the shape of the window.</summary>
    /// <param name="place">Of the index.</param>
    /// <param name="side">Pixels of the longer side, at most.</param>
    /// <param name="token">Ends reading.</param>
    /// <exception cref="IOException">The scene is no longer there.</exception>
    /// <exception cref="MLNet.SwanException">The scene is damaged.</exception>
    public byte[] Jpeg(Place place, int side, CancellationToken token)
    {
        SceneImage image = Open(place, token);
        var window = new PixelWindow(place.Column, place.Row, place.Width, place.Height);
        var pixels = new byte[checked(place.Width * place.Height * 4)];
        image.Read(window, pixels, token);
        double scale = Math.Min(1, side / (double)Math.Max(place.Width, place.Height));
        var info = new SKImageInfo(place.Width, place.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var whole = new SKBitmap(info);
        Marshal.Copy(pixels, 0, whole.GetPixels(), pixels.Length);
        SKImageInfo target = info.WithSize(Math.Max(1, (int)(place.Width * scale)), Math.Max(1, (int)(place.Height * scale)));
        using SKBitmap small = whole.Resize(target, SKFilterQuality.Medium);
        using SKData data = small.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }

    public void Dispose() => _open?.Dispose();

    private SceneImage Open(Place place, CancellationToken token)
    {
        if (_open is not null && _path == place.Scene) return _open;
        _open?.Dispose();
        _open = null;
        SceneRecord? scene = scenes.Scenes.FirstOrDefault(s => scenes.PathOf(s) == place.Scene);
        _open = SceneImage.Open(place.Scene, scenes.Decoding(scene), token);
        _path = place.Scene;
        return _open;
    }
}
