using System.Runtime.InteropServices;
using SkiaSharp;
using Swan.Geo.Places;

namespace Swan.Geo.Search;

/// <summary>Pictures of places for people, as the model saw them: one range for all windows of a scene.</summary>
/// <remarks>Keeps the scene that was read last open. Not safe for concurrent use.</remarks>
/// <param name="scenes">What is known of the scenes.</param>
internal sealed class WindowPictures(LiveScenes.State scenes) : IDisposable
{
    private const int Quality = 85;
    private SwanSceneReader? _open;
    private string? _path;

    /// <summary>A place's picture as JPEG, with the shape of the window.</summary>
    /// <param name="place">Of the index.</param>
    /// <param name="side">Pixels of the longer side, at most.</param>
    /// <param name="token">Ends reading.</param>
    /// <returns>Empty where the scene is gone, or is not what was indexed.</returns>
    public ReadOnlyMemory<byte> Jpeg(Place place, int side, CancellationToken token)
    {
        if (Open(place, token) is not { } scene) return default;
        double reduction = Math.Max(1, (double)Math.Max(place.Width, place.Height) / side);
        return Encoded(scene.Read(place.Column, place.Row, place.Width, place.Height, reduction, token), side);
    }

    public void Dispose() => _open?.Dispose();

    private static byte[] Encoded(SwanScenePicture picture, int side)
    {
        var info = new SKImageInfo(picture.Width, picture.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var whole = new SKBitmap(info);
        Marshal.Copy(picture.Bgra, 0, whole.GetPixels(), picture.Bgra.Length);
        double scale = Math.Min(1, side / (double)Math.Max(picture.Width, picture.Height));
        using SKBitmap small = whole.Resize(
            info.WithSize(Math.Max(1, (int)(picture.Width * scale)), Math.Max(1, (int)(picture.Height * scale))), SKFilterQuality.Medium);
        using SKData data = small.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }

    private SwanSceneReader? Open(Place place, CancellationToken token)
    {
        if (scenes.SceneOf(place) is not { } scene) return null;
        if (_path != place.Scene)
        {
            _open?.Dispose();
            (_open, _path) = (null, null);
            (_open, _path) = (SwanSceneReader.Open(scenes, scene, token), place.Scene);
        }
        return _open is not null && place.Column + place.Width <= _open.Width && place.Row + place.Height <= _open.Height ? _open : null;
    }
}
