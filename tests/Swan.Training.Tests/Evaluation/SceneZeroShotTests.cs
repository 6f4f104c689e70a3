using Microsoft.ML;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;
using Swan.Training.Evaluation;

namespace Swan.Training.Tests.Evaluation;

public sealed class SceneZeroShotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;

    public SceneZeroShotTests() => _model = SwanModel.Open(TinyModel.Write(_folder.FullName));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("river")]                   // one class
    [InlineData("river", "River", "houses")]
    [InlineData("river", "", "houses")]
    [InlineData("river", "zzz", "houses")]
    [InlineData("green river", "river green", "houses")] // equal embeddings
    public void Names_that_can_not_be_classes_are_said_and_not_measured(params string[] names)
    {
        var said = new List<string>();
        Assert.Null(Measure(names, said));
        Assert.StartsWith("The scene names can't be used as classes", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_scenes_nothing_is_said()
    {
        var said = new List<string>();
        Assert.Null(Measure([], said));
        Assert.Empty(said);
    }

    [Fact]
    public void Names_that_the_model_tells_apart_are_measured()
    {
        var said = new List<string>();
        SceneZeroShot measured = Measure(["river", "bridge", "houses"], said)!;
        Assert.Equal(6, measured.Images);
        Assert.InRange(measured.Accuracy, 0, 1);
        Assert.Empty(said);
    }

    private SceneZeroShot? Measure(string[] names, List<string> said)
    {
        var ml = new MLContext(1);
        (CaptionedImageSet _, CaptionedImageSet set) = TinyData.Open(_folder.File("data"));
        var embedded = new EmbeddedSet(ml, set, _model, rotations: 1, TestContext.Current.CancellationToken);
        string[] scenes = [.. new[] { "forest", "beach", "river" }.Take(names.Length)];
        return SceneZeroShot.Measure(ml, embedded, _model, scenes, names, said.Add);
    }
}
