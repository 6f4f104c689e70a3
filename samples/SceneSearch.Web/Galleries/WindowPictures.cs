using SceneSearch.Web.Caching;
using SceneSearch.Web.Observing;

namespace SceneSearch.Web.Galleries;

/// <summary>Pictures of windows and images in a few sizes, of which those that were asked for last are kept.</summary>
/// <param name="gallery">Draws them.</param>
internal sealed class WindowPictures(IGallery gallery)
{
    /// <summary>Sides that can be asked for, in pixels: a list, a grid, a window.</summary>
    public static readonly int[] Sides = [160, 320, 1024];

    private const long MemoryBytes = 64L << 20;
    private readonly LruCache<(string Stamp, int Side), byte[]> _pictures = new(MemoryBytes);
    private readonly SemaphoreSlim _drawing = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>A picture as WebP; null where there is none.</summary>
    /// <param name="key">Of the index.</param>
    /// <param name="stamp">What it shows, as the gallery says.</param>
    /// <param name="side">One of <see cref="Sides"/>.</param>
    /// <param name="token">Ends waiting and drawing.</param>
    public async Task<byte[]?> DrawAsync(string key, string stamp, int side, CancellationToken token)
    {
        bool isHit = _pictures.TryGet((stamp, side), out byte[]? picture);
        SearchMeter.Picture(isHit);
        if (isHit) return picture;
        await _drawing.WaitAsync(token);
        try
        {
            picture = await gallery.DrawAsync(key, side, token);
        }
        finally
        {
            _drawing.Release();
        }
        if (picture is not null) _pictures.Set((stamp, side), picture, picture.Length);
        return picture;
    }
}
