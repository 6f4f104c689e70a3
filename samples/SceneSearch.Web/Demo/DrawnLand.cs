using Swan.Geo.Coordinates;
using Swan.Geo.Scenes;
using Swan.MLNet.Imaging;
using SyntheticScenes;

namespace SceneSearch.Web.Demo;

/// <summary>Scenes of drawn land: one with north up, one that is turned, and one that doesn't say where it lies.</summary>
internal static class DrawnLand
{
    private const int Cell = 256, Utm32North = 32632;
    private const double MetersPerPixel = 1.25;

    public static void Write(string folder)
    {
        var utm = CoordinateSystem.FromEpsg(Utm32North);
        Write(folder, "20250614_valley.tif", seed: 1, 6, 5, (w, h) => new Georeference(
            new PixelTransform(691_000, MetersPerPixel, 0, 5_334_000, 0, -MetersPerPixel), utm, w, h));
        (double cosine, double sine) = (MetersPerPixel * Math.Cos(0.35), MetersPerPixel * Math.Sin(0.35));
        Write(folder, "20250702_coast.tif", seed: 2, 4, 4, (w, h) => new Georeference(
            new PixelTransform(693_300, cosine, -sine, 5_333_600, -sine, -cosine), utm, w, h));
        Write(folder, "unplaced.tif", seed: 3, 3, 3, (_, _) => null);
    }

    // Drawings beside each other, as many across and down.
    private static void Write(string folder, string name, int seed, int across, int down, Func<int, int, Georeference?> place)
    {
        DirectoryInfo drawings = Directory.CreateTempSubdirectory("swan-drawings-");
        try
        {
            SceneFolder.Draw(drawings.FullName, across * down, heldOutImages: 0, seed);
            string[] files = Directory.GetFiles(Path.Combine(drawings.FullName, "images"));
            // By name they would lie in rows of the same kind.
            new Random(seed).Shuffle(files);
            int width = across * Cell, height = down * Cell;
            var pixels = new byte[width * height * 3];
            foreach ((int i, string file) in files.Index())
            {
                RgbImage drawing = ImageDecoder.Decode(file);
                int left = i % across * Cell, top = i / across * Cell;
                for (int row = 0; row < Cell; row++)
                    drawing.Pixels.AsSpan(row * Cell * 3, Cell * 3).CopyTo(pixels.AsSpan(((top + row) * width + left) * 3));
            }
            Directory.CreateDirectory(folder);
            SwanSceneFile.Write(Path.Combine(folder, name), new RgbImage(width, height, pixels), place(width, height));
        }
        finally
        {
            drawings.Delete(recursive: true);
        }
    }
}
