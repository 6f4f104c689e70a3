using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Models;

/// <summary>
/// The model inside the library. That threads which ask first at the same time get one instance is tested in Swan.Packages.Tests, in a
/// process that has not asked yet.
/// </summary>
public sealed class DefaultModelTests
{
    [Fact]
    public void The_default_model_is_the_repositorys_file_with_its_card()
    {
        ModelCard card = SwanModel.Default.Card;
        string file = Path.Combine(Repository.Root, "models", "swan-rsicd-lite0-minilm.swan");
        Assert.Equal(SwanModelFile.Read(file).Card.Identity, card.Identity);
        Assert.Same(SwanModelFile.Default.Card, card);
        Assert.Equal("swan-rsicd-lite0-minilm", card.Name);
        // recipes/rsicd-lite0-minilm.json
        Assert.Equal(("efficientnet_lite0", "0.2", "true"), (card.Backbone, card.Training["softTargets"], card.Training["freezeStem"]));
        Assert.Equal("wordpiece-1", card.Text.Contract);
        Assert.Equal(SwanWeightPrecision.Int8, card.Weights?.Precision);
        CardMetric meanRecall = card.Metrics.Last(m => m.Name == "mR");
        Assert.InRange(meanRecall.Value, 20, 100);
        Assert.NotEmpty(meanRecall.Data);
        Assert.NotEmpty(card.Training);
    }

    [Fact]
    public void Its_embeddings_are_of_unit_length_and_tell_words_apart()
    {
        SwanModel model = SwanModel.Default;
        float[] planes = model.EmbedCaption("planes parked at an airport"),
            aircraft = model.EmbedCaption("several aircraft beside a terminal"), river = model.EmbedCaption("a river in a green forest");
        Assert.All([planes, aircraft, river], e => Assert.Equal((model.EmbeddingSize, 1.0), (e.Length, Math.Round(Dot(e, e), 5))));
        Assert.True(Dot(planes, aircraft) > Dot(planes, river) + 0.2);
    }

    [Fact]
    public void Disposing_the_shared_instance_does_nothing()
    {
        SwanModel model = SwanModel.Default;
        float[] before = model.EmbedCaption("river");
        model.Dispose();
        Assert.Equal(before, model.EmbedCaption("river"));
        Assert.Same(model, SwanModel.Default);
    }

    [Fact]
    public void An_own_instance_follows_its_options_agrees_with_the_shared_one_and_is_its_callers_to_dispose()
    {
        SwanModel own = SwanModel.OpenDefault(new SwanModelOptions { Device = SwanDevice.Cpu, Threads = 1 });
        Assert.NotSame(SwanModel.Default, own);
        Assert.Equal("cpu, 1 thread: as requested", own.DeviceReport);
        Assert.Equal(SwanModel.Default.Card.Identity, own.Card.Identity);
        Assert.Equal(1, Dot(SwanModel.Default.EmbedCaption("river"), own.EmbedCaption("river")), tolerance: 1e-5);
        own.Dispose();
        Assert.Throws<ObjectDisposedException>(() => own.EmbedCaption("river"));
        Assert.NotEmpty(SwanModel.Default.EmbedCaption("river"));
        Assert.Throws<ArgumentOutOfRangeException>(() => SwanModel.OpenDefault(new SwanModelOptions { Threads = -1 }));
    }

    [Fact]
    public void The_file_inside_can_be_saved_as_one_of_its_own()
    {
        using var folder = new TemporaryFolder();
        SwanModelFile.Default.Save(folder.File("copy.swan"));
        Assert.Equal(SwanModelFile.Default.Card.Identity, SwanModelFile.Read(folder.File("copy.swan")).Card.Identity);
    }

    [Fact]
    public void The_default_model_finds_real_scenes_by_words()
    {
        CaptionedImageSet validation =
            CaptionedImageSet.Open(Path.GetDirectoryName(SharedFolder.Data(Path.Combine("rsicd", "val.jsonl")))!).Validation!;
        string[] paths = [.. validation.Images.Select(i => i.ImagePath)];
        SwanModel model = SwanModel.Default;
        float[] embeddings = model.EmbedImages(paths, cancellationToken: TestContext.Current.CancellationToken);
        SwanIndex index = SwanIndex.Build(
            embeddings, model.EmbeddingSize, paths, model.Card.Identity, TestContext.Current.CancellationToken);
        Dictionary<string, string?> scene = validation.Images.ToDictionary(i => i.ImagePath, i => i.Scene);
        // Each is one scene of thirty, about 4 % of the images: ten at random hold eight of it less than once in a thousand million times.
        (string Query, string Scene)[] expected =
        [
            ("planes parked at an airport", "airport"), ("a baseball field", "baseballfield"), ("a railway station", "railwaystation"),
            ("white storage tanks", "storagetanks"), ("a parking lot full of cars", "parking"),
        ];
        Assert.All(expected, e => Assert.InRange(index.SearchCaption(model, e.Query, k: 10).Count(h => scene[h.Key] == e.Scene), 8, 10));
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
