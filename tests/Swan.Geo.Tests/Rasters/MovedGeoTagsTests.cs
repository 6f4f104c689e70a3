using Swan.Geo.Rasters;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Tests.Rasters;

/// <summary>Where GDAL says that a raster lies, against what its geotransform and the way of moving it say.</summary>
public sealed class MovedGeoTagsTests : IDisposable
{
    private const double Scale = 8;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // UTM zone 33 north; RasterPixelIsArea, or RasterPixelIsPoint.
    internal static ushort[] Utm(bool point = false) => [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, (ushort)(point ? 2 : 1), 3072, 0, 1, 32633];

    public static TheoryData<string> Georeferences => ["scale", "scale of points", "matrix", "matrix of points"];

    [Theory, MemberData(nameof(Georeferences))]
    public void A_part_with_larger_pixels_lies_where_GDAL_says(string kind)
    {
        GeoTags tags = Tags(kind);
        double[] whole = GdalProgram.Transform(Write(tags));

        double[] part = GdalProgram.Transform(Write(tags.Moved(100, 40, Scale)));

        double[] expected =
        [
            whole[0] + 100 * whole[1] + 40 * whole[2], whole[1] * Scale, whole[2] * Scale,
            whole[3] + 100 * whole[4] + 40 * whole[5], whole[4] * Scale, whole[5] * Scale,
        ];
        Assert.All(expected.Zip(part), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Ground_control_points_move_with_their_pixels()
    {
        var tags = new GeoTags(null, [10, 20, 0, 500_000, 5_000_000, 0, 60, 20, 0, 500_100, 5_000_000, 0], null, Utm(), null, null);

        GeoTags moved = tags.Moved(10, 4, 2);

        Assert.Equal([0, 8, 0, 500_000, 5_000_000, 0, 25, 8, 0, 500_100, 5_000_000, 0], moved.TiePoints!);
    }

    [Fact]
    public void What_does_not_depend_on_pixels_stays()
    {
        GeoTags tags = Tags("scale") with { KeyTexts = "a|", KeyDoubles = [1, 2] };

        GeoTags moved = tags.Moved(3, 4);

        Assert.Equal((tags.Keys, tags.KeyDoubles, tags.KeyTexts), (moved.Keys, moved.KeyDoubles, moved.KeyTexts));
        Assert.Null(moved.Matrix);
        Assert.Equal(tags.PixelScale, moved.PixelScale);
    }

    private static GeoTags Tags(string kind)
    {
        ushort[] keys = Utm(kind.EndsWith("points", StringComparison.Ordinal));
        return kind.StartsWith("scale", StringComparison.Ordinal)
            ? new([0.5, 0.25, 0], [5, 7, 0, 400_000, 5_200_000, 0], null, keys, null, null)
            : new(null, null, [0.4, 0.1, 0, 400_000, 0.2, -0.5, 0, 5_200_000, 0, 0, 0, 0, 0, 0, 0, 1], keys, null, null);
    }

    private string Write(GeoTags tags)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.tif");
        using FileStream stream = File.Create(path);
        var writer = new GeoTiffWriter(stream, new(4, 4, 1, TiffSampleType.Byte) { Geo = tags });
        writer.Write(0, 0, 4, 4, new byte[16]);
        writer.Complete();
        return path;
    }
}
