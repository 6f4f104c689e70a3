using Swan.Geo.Scenes;

namespace Swan.Geo.Tests.Scenes;

public sealed class SceneDateTests
{
    [Theory]
    [InlineData("S2A_MSIL2A_20240131T101559_N0510_R065_T32TQM_20240131T140000", "2024-01-31T10:15:59")]
    [InlineData("LC08_L1TP_195028_20200715_20200912_02_T1", "2020-07-15T00:00:00")]
    [InlineData("ortho_2019-05-04_rgb", "2019-05-04T00:00:00")]
    [InlineData("tile_20241341_20240101", "2024-01-01T00:00:00")] // the first is no day
    public void The_first_date_of_a_name_is_taken(string name, string date) =>
        Assert.Equal(DateTimeOffset.Parse(date + "Z", System.Globalization.CultureInfo.InvariantCulture), SceneDate.InName(name));

    [Theory]
    [InlineData("ortho")]
    [InlineData("row_1234567890")]
    [InlineData("area_20999999")]
    [InlineData("tile_29990101")]
    public void A_name_without_one_has_none(string name) => Assert.Null(SceneDate.InName(name));

    [Fact]
    public void A_tag_is_read_as_tiff_writes_it()
    {
        Assert.Equal(new DateTimeOffset(2024, 1, 31, 10, 15, 59, TimeSpan.Zero), SceneDate.InTag("2024:01:31 10:15:59"));
        Assert.Null(SceneDate.InTag("0000:00:00 00:00:00"));
        Assert.Null(SceneDate.InTag(null));
    }
}
