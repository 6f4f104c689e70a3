using SkiaSharp;
using Swan.MLNet.Datasets;
using SyntheticScenes;

namespace Swan.Samples.Tests.SyntheticScenes;

public sealed class SceneFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_seed_draws_the_same_images_and_captions_and_another_seed_others()
    {
        byte[] first = Drawn("first", seed: 1), again = Drawn("again", seed: 1), other = Drawn("other", seed: 2);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void The_folder_opens_as_a_data_set_with_five_finished_captions_an_image()
    {
        SceneFolder.Draw(_folder.FullName, trainingImages: 48, heldOutImages: 24, seed: 0);
        (CaptionedImageSet train, CaptionedImageSet? heldOut) = CaptionedImageSet.Open(_folder.FullName);
        Assert.Equal((48, 24), (train.Images.Count, heldOut!.Images.Count));
        Assert.Equal(Scene.All.Select(s => s.Name).Order(), heldOut.Scenes.Distinct().Order());
        Assert.All(train.Images, image => Assert.Equal(5, image.Captions.Distinct().Count()));
        Assert.All(train.Captions, caption => Assert.DoesNotMatch(@"[\[\]|{}]|  |^ | $", caption));
        // The same sentence may hold for two images, but hardly ever does.
        Assert.True(train.Captions.Distinct().Count() > 0.9 * train.Captions.Count);
    }

    [Fact]
    public void Color_alone_doesnt_tell_the_scene()
    {
        SceneFolder.Draw(_folder.FullName, trainingImages: 240, heldOutImages: 1, seed: 0);
        CaptionedImage[] images = [.. CaptionedImageSet.Open(_folder.FullName).Train.Images];
        float[][] colors = [.. images.Select(image => MeanColor(image.ImagePath))];
        // Whose mean color is nearest: is it of the same scene?
        int right = Enumerable.Range(0, images.Length).Count(i =>
            images[i].Scene == images[Enumerable.Range(0, images.Length)
                .Where(j => j != i)
                .MinBy(j => colors[i].Zip(colors[j], (a, b) => (a - b) * (a - b)).Sum())].Scene);
        Assert.InRange(right / (double)images.Length, 0, 0.35); // 1/12 by guessing
    }

    private byte[] Drawn(string name, int seed)
    {
        string folder = _folder.File(name);
        SceneFolder.Draw(folder, trainingImages: 12, heldOutImages: 1, seed);
        return [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadAllBytes)];
    }

    private static float[] MeanColor(string path)
    {
        using SKBitmap bitmap = SKBitmap.Decode(path);
        SKColor[] pixels = bitmap.Pixels;
        return [pixels.Average(p => (float)p.Red), pixels.Average(p => (float)p.Green), pixels.Average(p => (float)p.Blue)];
    }
}
