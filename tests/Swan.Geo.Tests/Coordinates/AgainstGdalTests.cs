using Swan.Geo.Coordinates;

namespace Swan.Geo.Tests.Coordinates;

/// <summary>Where scenes lie that GDAL wrote, against where GDAL says that they lie.</summary>
public sealed class AgainstGdalTests(GdalScenes gdal) : IClassFixture<GdalScenes>
{
    private const double MostPixels = 0.01, MostMeters = 0.1;
    private const string WorldFiles = "world-";

    [Fact]
    public void Corners_agree_with_gdal()
    {
        var wrong = new List<string>();
        (double pixels, double meters, string of) = (0, 0, "");
        int compared = 0;
        foreach (GdalScene scene in gdal.Scenes.Where(s => !s.Name.StartsWith(WorldFiles, StringComparison.Ordinal)))
        {
            SceneLocation location = SceneLocation.Read(scene.Path);
            if (location.Kind != SceneLocationKind.Georeferenced)
            {
                wrong.Add(location.Sentence);
                continue;
            }

            compared++;
            Georeference found = location.Georeference!;
            foreach (double[] place in scene.Places)
            {
                (double column, double row) = found.Transform.ToPixel(place[2], place[3]);
                double inPixels = Math.Max(Math.Abs(column - place[0]), Math.Abs(row - place[1]));
                (double longitude, double latitude) = found.ToWgs84(place[0], place[1]);
                double inMeters = FootprintOutline.Meters(longitude - place[4], latitude, place[5]);
                // The way back, from GDAL's place to the pixel.
                (double x, double y) = found.CoordinateSystem.FromWgs84(place[4], place[5]);
                (double columnAgain, double rowAgain) = found.Transform.ToPixel(x, y);
                inPixels = Math.Max(inPixels, Math.Max(Math.Abs(columnAgain - place[0]), Math.Abs(rowAgain - place[1])));
                pixels = Math.Max(pixels, inPixels);
                if (inMeters > meters) (meters, of) = (inMeters, scene.Name);
                if (inPixels <= MostPixels && inMeters <= MostMeters) continue;
                wrong.Add($"{scene.Name}: off by {inPixels:G3} pixels, {inMeters:G3} m");
                break;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} scenes, off by {pixels:G3} pixels and {meters:G3} m ({of})");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {gdal.Scenes.Count}:\n{string.Join('\n', wrong)}");
        Assert.True(compared >= 150, $"{compared} scenes were compared.");
    }

    [Fact]
    public void World_files_agree_with_gdal()
    {
        GdalScene[] scenes = [.. gdal.Scenes.Where(s => s.Name.StartsWith(WorldFiles, StringComparison.Ordinal))];
        Assert.Equal(3, scenes.Length);
        foreach (GdalScene scene in scenes)
        {
            SceneLocation location = SceneLocation.Read(scene.Path);

            PixelTransform transform = location.Georeference!.Transform;
            foreach (double[] place in scene.Places)
            {
                (double column, double row) = transform.ToPixel(place[2], place[3]);
                Assert.Equal(place[0], column, MostPixels);
                Assert.Equal(place[1], row, MostPixels);
            }
        }
    }
}
