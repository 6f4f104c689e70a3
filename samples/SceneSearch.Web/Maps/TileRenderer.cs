using SceneSearch.Web.Caching;
using SceneSearch.Web.Observing;
using Swan.Geo.Coordinates;
using Swan.Geo.Search;

namespace SceneSearch.Web.Maps;

/// <summary>Draws tiles of maps, north up, from scenes that lie as they may.</summary>
/// <param name="pictures">Of the scenes.</param>
internal sealed class TileRenderer(ScenePictures pictures)
{
    private const long MemoryBytes = 64L << 20;
    private const int Quality = 82, Bytes = TileGrid.Side * TileGrid.Side * 4;

    // A browser asks for six things at a time: none may keep the others waiting for a pass over a scene.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(0.7);

    private static readonly byte[] s_empty = PictureCodec.Encode(new byte[Bytes], TileGrid.Side, Quality);

    private readonly LruCache<(string Stamp, int Z, int X, int Y), byte[]> _tiles = new(MemoryBytes);
    private readonly SemaphoreSlim _drawing = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Draws a tile.</summary>
    /// <param name="group">The map.</param>
    /// <param name="z">Level, from 0.</param>
    /// <param name="x">Column of the grid.</param>
    /// <param name="y">Row of the grid, from the top.</param>
    /// <param name="token">Ends drawing.</param>
    /// <returns>WebP, and whether all scenes could be read: others are not to be kept.</returns>
    public async Task<(byte[] Bytes, bool IsWhole)> RenderAsync(MapGroup group, int z, int x, int y, CancellationToken token)
    {
        if (_tiles.TryGet((group.Stamp, z, x, y), out byte[]? tile))
        {
            SearchMeter.Tile(isHit: true);
            return (tile, true);
        }
        SearchMeter.Tile(isHit: false);
        Bounds bounds = group.Grid.BoundsOf(z, x, y);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(s_patience);
        var parts = new List<(PlacedScene Scene, PixelTransform ToScene, SwanScenePicture Picture)>();
        bool isWhole = true;
        foreach (PlacedScene scene in group.Scenes.Where(s => s.Bounds.Meets(bounds)))
        {
            PixelTransform toScene = ToScene(scene.Transform, bounds, group.Grid.Resolutions[z]);
            // The corners of the tile in the scene; around them lies all that is drawn.
            var region = Bounds.Of(Bounds.Ring(toScene, 0, 0, TileGrid.Side, TileGrid.Side));
            if (!region.Meets(new Bounds(0, 0, scene.Scene.Width, scene.Scene.Height))) continue;
            double reduction = Math.Min(toScene.PixelWidth, toScene.PixelHeight);
            SwanScenePicture? picture = await pictures.ReadAsync(scene.Scene, region.MinX, region.MinY, region.Width, region.Height,
                reduction, patience.Token, token);
            if (picture is null) isWhole = false;
            else parts.Add((scene, toScene, picture));
        }
        await _drawing.WaitAsync(token);
        try
        {
            var pixels = new byte[Bytes];
            foreach ((PlacedScene scene, PixelTransform toScene, SwanScenePicture picture) in parts)
                PictureSampler.Draw(picture, scene.Scene, toScene, pixels, TileGrid.Side);
            tile = pixels.AsSpan().ContainsAnyExcept((byte)0) ? PictureCodec.Encode(pixels, TileGrid.Side, Quality) : s_empty;
            if (isWhole) _tiles.Set((group.Stamp, z, x, y), tile, tile.Length);
            return (tile, isWhole);
        }
        finally
        {
            _drawing.Release();
        }
    }

    // From pixels of the tile over the map to those of the scene.
    private static PixelTransform ToScene(PixelTransform scene, Bounds bounds, double resolution)
    {
        (double column, double row) = scene.ToPixel(bounds.MinX, bounds.MaxY);
        (double rightColumn, double rightRow) = scene.ToPixel(bounds.MinX + resolution, bounds.MaxY);
        (double downColumn, double downRow) = scene.ToPixel(bounds.MinX, bounds.MaxY - resolution);
        return new(column, rightColumn - column, downColumn - column, row, rightRow - row, downRow - row);
    }
}
