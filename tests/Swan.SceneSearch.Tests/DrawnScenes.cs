using Swan.Geo.Coordinates;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.SceneSearch.Tests;

/// <summary>Scenes of dark land with a red square each, at places of the map that are known, and their index by a tiny model.</summary>
internal sealed class DrawnScenes : IDisposable
{
    public const int Width = 700, Height = 500;

    /// <summary>The square, in pixels of its scene.</summary>
    public const int Left = 420, Top = 100, Side = 160;

    private const int Utm32North = 32632, WebMercator = 3857;

    private readonly TemporaryFolder _folder = new();

    public DrawnScenes()
    {
        Model = TinyModel.Write(_folder.FullName);
        Write("20240131_north.tif", North);
        Write("turned.tif", Turned);
        Write("mercator.tif", Mercator);
        Write("plain.tif", null);
        Bring();
    }

    /// <summary>North up, a meter a pixel.</summary>
    public static Georeference North { get; } = Placed(new PixelTransform(500_000, 1, 0, 5_300_000, 0, -1), Utm32North);

    /// <summary>Turned by 30 degrees, two meters a pixel, in the same system.</summary>
    public static Georeference Turned { get; } = Placed(
        new PixelTransform(501_500, 2 * Math.Cos(Math.PI / 6), -2 * Math.Sin(Math.PI / 6), 5_300_000, -2 * Math.Sin(Math.PI / 6),
            -2 * Math.Cos(Math.PI / 6)), Utm32North);

    /// <summary>In another system.</summary>
    public static Georeference Mercator { get; } = Placed(new PixelTransform(1_200_000, 1.5, 0, 6_100_000, 0, -1.5), WebMercator);

    public string Model { get; }

    public string Index => _folder.File("index");

    public string Cache => _folder.File("cache");

    public string Scenes => _folder.File("scenes");

    /// <summary>A text that the model knows.</summary>
    public const string Text = "green river bridge";

    public void Write(string name, Georeference? place, int width = Width, int height = Height)
    {
        Directory.CreateDirectory(Scenes);
        var pixels = new byte[width * height * 3];
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool inside = x >= Left && x < Left + Side && y >= Top && y < Top + Side;
                for (int band = 0; band < 3; band++, at++) pixels[at] = (byte)(inside ? band == 0 ? 230 : 20 : 30 + (x / 9 + y / 7) % 8);
            }
        }
        SwanSceneFile.Write(Path.Combine(Scenes, name), new RgbImage(width, height, pixels), place);
    }

    /// <summary>Brings the index up to date with the folder.</summary>
    public void Bring()
    {
        using var model = SwanModel.Open(Model);
        SwanSceneIndexer.Look(Index, Scenes, new SwanSceneOptions { GroundSides = [160], PixelSides = [160] }).Run(model);
    }

    public ServerOptions Options => new() { Index = Index, Model = Model, Cache = Cache, Urls = "http://127.0.0.1:0" };

    public void Dispose() => _folder.Dispose();

    private static Georeference Placed(PixelTransform transform, int code) =>
        new(transform, CoordinateSystem.FromEpsg(code), Width, Height);
}
