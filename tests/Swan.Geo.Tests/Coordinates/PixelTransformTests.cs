using CsCheck;
using Swan.Geo.Coordinates;

namespace Swan.Geo.Tests.Coordinates;

public sealed class PixelTransformTests
{
    [Fact]
    public void Every_transform_that_can_be_inverted_leads_back()
    {
        Gen<double> origin = Gen.Double[-1e7, 1e7], step = Gen.Double[-100, 100], pixel = Gen.Double[-1e4, 1e5];
        Gen.Select(Gen.Select(origin, step, step), Gen.Select(origin, step, step), pixel, pixel).Sample((x, y, column, row) =>
        {
            var transform = new PixelTransform(x.Item1, x.Item2, x.Item3, y.Item1, y.Item2, y.Item3);
            // Nearly flat pixels lose the digits that the way back needs.
            double area = Math.Abs(transform.ColumnX * transform.RowY - transform.RowX * transform.ColumnY);
            if (area < 0.01 * transform.PixelWidth * transform.PixelHeight) return;
            if (Math.Min(transform.PixelWidth, transform.PixelHeight) < 1) return;
            (double mapX, double mapY) = transform.ToMap(column, row);
            (double columnAgain, double rowAgain) = transform.ToPixel(mapX, mapY);
            Assert.Equal(column, columnAgain, 1e-4);
            Assert.Equal(row, rowAgain, 1e-4);
        });
    }

    [Fact]
    public void Size_and_rotation_are_those_of_a_turned_pixel()
    {
        double sine = Math.Sin(Math.PI / 6), cosine = Math.Cos(Math.PI / 6);
        var transform = new PixelTransform(0, 2 * cosine, 3 * sine, 0, 2 * sine, -3 * cosine);

        Assert.Equal(2, transform.PixelWidth, 1e-12);
        Assert.Equal(3, transform.PixelHeight, 1e-12);
        Assert.Equal(30, transform.Rotation, 1e-12);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0), InlineData(0, 1, 0, 0, 0, 0), InlineData(0, 1, 2, 0, 2, 4), InlineData(double.NaN, 1, 0, 0, 0, -1)]
    [InlineData(0, double.NaN, 0, 0, 0, -1), InlineData(0, double.PositiveInfinity, 0, 0, 0, -1), InlineData(0, 1e-200, 0, 0, 0, 1e-200)]
    public void A_transform_without_a_way_back_says_so(double x, double columnX, double rowX, double y, double columnY, double rowY)
    {
        var transform = new PixelTransform(x, columnX, rowX, y, columnY, rowY);

        Assert.False(transform.IsInvertible);
        Assert.True(double.IsNaN(transform.ToPixel(0, 0).Column));
        Assert.Throws<SwanGeoreferenceException>(() => new Georeference(transform, CoordinateSystem.FromEpsg(4326), 10, 10));
    }
}
