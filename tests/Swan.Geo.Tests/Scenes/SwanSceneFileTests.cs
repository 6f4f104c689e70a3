using Swan.Geo.Coordinates;
using Swan.Geo.Scenes;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Tests.Scenes;

public sealed class SwanSceneFileTests : IDisposable
{
    private const int Width = 300, Height = 270;
    private static readonly PixelTransform s_northUp = new(500_000, 2, 0, 5_300_000, 0, -3),
        s_turned = new(500_000, 2, 1, 5_300_000, 1, -2), s_degrees = new(10, 0.001, 0, 45, 0, -0.001);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<PixelTransform, int> Places => new() { { s_northUp, 32632 }, { s_turned, 32632 }, { s_degrees, 4326 },
        { s_northUp, 3857 } };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Places))]
    public void A_scene_lies_where_it_was_said_to_lie(PixelTransform transform, int code)
    {
        string path = _folder.File("scene.tif");
        SwanSceneFile.Write(path, Picture(), new Georeference(transform, CoordinateSystem.FromEpsg(code), Width, Height));
        SceneLocation location = SceneLocation.Read(path);
        Assert.Equal(SceneLocationKind.Georeferenced, location.Kind);
        Assert.Equal((transform, code), (location.Georeference!.Transform, location.Georeference.CoordinateSystem.EpsgCode));
        Assert.Equal(Picture().Pixels, ImageDecoder.Decode(path).Pixels);
    }

    [Fact]
    public void A_scene_without_a_place_says_none()
    {
        SwanSceneFile.Write(_folder.File("scene.tif"), Picture());
        Assert.Equal(SceneLocationKind.None, SceneLocation.Read(_folder.File("scene.tif")).Kind);
    }

    [Fact]
    public void A_place_that_cannot_be_written_leaves_no_file()
    {
        string path = _folder.File("scene.tif");
        var utm = CoordinateSystem.FromEpsg(32632);
        Assert.Throws<ArgumentException>(() => SwanSceneFile.Write(path, Picture(), new Georeference(s_northUp, utm, Width, Height + 1)));
        var unnamed = CoordinateSystem.Refuse(null, "none", "it has no name.");
        Assert.Throws<ArgumentException>(() => SwanSceneFile.Write(path, Picture(), new Georeference(s_northUp, unnamed, Width, Height)));
        Assert.False(File.Exists(path));
    }

    private static RgbImage Picture() =>
        new(Width, Height, [.. Enumerable.Range(0, Width * Height * 3).Select(i => (byte)(i * 7 + i / 900))]);
}
