using Swan.Geo.Coordinates;

namespace Swan.Geo.Tests.Coordinates;

public sealed class WorldFileTests
{
    [Theory]
    [InlineData("2\n0\n0\n-3\n500001\n5399998.5\n"), InlineData("2,0\r\n0,0\r\n0,0\r\n-3,0\r\n500001,0\r\n5399998,5")]
    [InlineData(" 2.0 0 0 -3e0 500001 5.3999985E6 \n\n")]
    public void Its_numbers_place_the_center_of_the_first_pixel(string text)
    {
        Assert.Equal(new PixelTransform(500_000, 2, 0, 5_400_000, 0, -3), WorldFile.Parse(text, "scene.tfw"));
    }

    [Fact]
    public void Turned_pixels_have_their_numbers_in_the_order_A_D_B_E_C_F()
    {
        PixelTransform transform = WorldFile.Parse("1\n0.5\n0.25\n-1\n10\n20\n", "scene.tfw");

        Assert.Equal(new PixelTransform(10 - 0.625, 1, 0.25, 20 + 0.25, 0.5, -1), transform);
    }

    [Theory]
    [InlineData("", "0 lines"), InlineData("1\n0\n0\n-1\n5", "5 lines"), InlineData("1\n0\nzero\n-1\n5\n6", "line 3")]
    public void What_has_no_six_numbers_is_named(string text, string expected)
    {
        var e = Assert.Throws<SwanGeoreferenceException>(() => WorldFile.Parse(text, "scene.tfw"));

        Assert.Contains("scene.tfw", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.tif", "a.tfw"), InlineData("a.tif", "a.tifw"), InlineData("a.tif", "a.wld"), InlineData("a.tiff", "a.tfw")]
    [InlineData("a.TIF", "a.TFW"), InlineData("a.tif", "a.TFW"), InlineData("b.c.jpg", "b.c.jgw")]
    public void It_is_found_beside_its_picture(string picture, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(expected), "");

        Assert.Equal(folder.File(expected), WorldFile.Find(folder.File(picture)));
    }

    [Fact]
    public void A_picture_without_one_has_none()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("other.tfw"), "");

        Assert.Null(WorldFile.Find(folder.File("a.tif")));
    }

    [Fact]
    public void A_large_file_of_its_name_is_none()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.wld"), new string('1', 10_000));

        Assert.Throws<SwanGeoreferenceException>(() => WorldFile.Read(folder.File("a.wld")));
    }
}
