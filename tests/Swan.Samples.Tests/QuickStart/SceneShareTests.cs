using QuickStart;
using Swan.MLNet.Datasets;

namespace Swan.Samples.Tests.QuickStart;

public sealed class SceneShareTests
{
    // Three scenes of 5, 10 and 5 images.
    private static readonly CaptionedImage[] Images = [.. Enumerable.Range(0, 20)
        .Select(i => new CaptionedImage($"{i}.jpg", $"{i}.jpg", i < 5 ? "port" : i < 15 ? "beach" : "bridge", []))];

    [Fact]
    public void The_scene_share_is_the_mean_over_scenes_in_the_first_five()
    {
        Measure all = SceneShare.Compute(Images, scene => Images.Where(i => i.Scene == scene));
        Measure none = SceneShare.Compute(Images, scene => Images.Where(i => i.Scene != scene));
        // The first five images, whatever is asked: right for the ports. What comes after them doesn't count.
        Measure first = SceneShare.Compute(Images, _ => Images);
        Assert.Equal((100, 0), (all.Value, none.Value));
        Assert.Equal(100 / 3.0, first.Value, tolerance: 1e-9);
        Assert.Equal((25 + 50 + 25) / 3.0, all.Chance, tolerance: 1e-9);
    }
}
