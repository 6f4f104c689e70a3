using CsCheck;
using Swan.Geo.Scenes;

namespace Swan.Geo.Tests.Scenes;

public sealed class WindowGridTests
{
    [Fact]
    public void Windows_have_the_ground_size_that_is_asked_for()
    {
        IReadOnlyList<WindowGrid> grids = WindowGrid.Of(20_000, 20_000, (0.5, 0.5), new SwanSceneOptions());
        Assert.Equal([640, 1280, 2560], grids.Select(g => g.Across.Size));
        Assert.Equal([640, 1280, 2560], grids.Select(g => g.Down.Size));
        Assert.All(grids, g => Assert.InRange(g.Across.Size / g.Across.Factor, 256, 511));
    }

    [Fact]
    public void Windows_are_squares_on_the_ground_where_pixels_are_not()
    {
        WindowGrid grid = Assert.Single(WindowGrid.Of(4_000, 4_000, (1, 2), new SwanSceneOptions { GroundSides = [400] }));
        Assert.Equal((400, 200), (grid.Across.Size, grid.Down.Size));
    }

    [Fact]
    public void Sides_of_too_few_pixels_are_left_out_and_where_all_are_the_least_is_taken()
    {
        Assert.Equal([64, 128], WindowGrid.Of(10_980, 10_980, (10, 10), new SwanSceneOptions()).Select(g => g.Across.Size));
        Assert.Equal([64], WindowGrid.Of(7_000, 7_000, (30, 30), new SwanSceneOptions()).Select(g => g.Across.Size));
    }

    [Fact]
    public void A_scene_smaller_than_a_window_is_one_window_and_a_strip_is_cut_along_its_length()
    {
        WindowGrid whole = Assert.Single(WindowGrid.Of(150, 150, null, new SwanSceneOptions()));
        Assert.Equal(new SceneWindow(0, 0, 150, 150), Assert.Single(whole.Windows));
        WindowGrid strip = Assert.Single(WindowGrid.Of(100, 5_000, null, new SwanSceneOptions { Overlap = 0 }));
        Assert.Equal(50, strip.Count);
        Assert.All(strip.Windows, w => Assert.Equal((0, 100, 100), (w.Column, w.Width, w.Height)));
    }

    [Fact]
    public void Windows_cover_the_scene_and_each_other_as_asked_for() => Gen.Select(
        Gen.Int[64, 6_000], Gen.Int[64, 6_000], Gen.Int[64, 2_000], Gen.Double[0, 0.9])
        .Sample((width, height, side, overlap) =>
        {
            WindowGrid grid = WindowGrid.Of(width, height, null, new SwanSceneOptions { PixelSides = [side], Overlap = overlap })[0];
            foreach ((GridAxis axis, int length) in ((GridAxis, int)[])[(grid.Across, width), (grid.Down, height)])
            {
                Assert.Equal(0, axis.Places[0]);
                Assert.InRange(axis.Places[^1] + axis.Size, length - axis.Factor + 1, length);
                for (int i = 1; i < axis.Places.Length; i++)
                {
                    int step = axis.Places[i] - axis.Places[i - 1];
                    Assert.InRange(step, 1, (int)Math.Round(axis.Size * (1 - overlap)) + axis.Factor);
                    Assert.Equal(0, axis.Places[i] % axis.Factor);
                }
            }
        });

    [Fact]
    public void A_window_reads_what_it_writes() => Gen.Select(Gen.Int[0, 99_999], Gen.Int[0, 99_999], Gen.Int[1, 9_999], Gen.Int[1, 9_999])
        .Sample((column, row, width, height) =>
        {
            var window = new SceneWindow(column, row, width, height);
            Assert.Equal(window, SceneWindow.Parse(window.ToString()));
        });
}
