using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.Training.Evaluation;
using Swan.Training.Export;
using Swan.Training.Reports;

namespace Swan.Training.Tests.Reports;

/// <summary>What a card says of a set whose images the model's file names in full, in part, or not at all.</summary>
public sealed class MeasuredImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;
    private readonly SwanRun _run;
    private readonly SwanModelFile _model;

    public MeasuredImagesTests()
    {
        _data = TinyData.Open(_folder.File("data"));
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 1 };
        _run = TinyRun.Train(options, _data, _folder.File("run")).Run;
        SwanExporter.Export(_run, _folder.File("model.swan"));
        _model = SwanModelFile.Read(_folder.File("model.swan"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_complete_list_tells_every_relation()
    {
        Assert.StartsWith("the model was trained on it", Relation(_model, _data.Train), StringComparison.Ordinal);
        Assert.StartsWith("the model was trained on it", Relation(_model, Some(_data.Train, 3)), StringComparison.Ordinal);
        Assert.StartsWith("the best epoch was chosen on it", Relation(_model, Some(_data.Validation, 3)), StringComparison.Ordinal);
        Assert.Equal("not a set of the run; the model was trained on none of its images", Relation(_model, New()));
    }

    [Fact]
    public void A_list_that_is_not_complete_clears_no_set()
    {
        const string Rest = "; the model's other training images are unknown";
        SwanModelFile partly = _model.WithLearnedImages(_model.LearnedImages!.WithUnknownImages());

        Assert.Equal("not a set of the run by its lines; none of its images is known as a training image" + Rest, Relation(partly, New()));
        Assert.EndsWith("so these figures are slightly optimistic" + Rest, Relation(partly, _data.Validation), StringComparison.Ordinal);
        SwanModelFile nothing = _model.WithLearnedImages(ImageIdentitySet.Empty.WithUnknownImages());
        Assert.StartsWith("the model was trained on it", Relation(nothing, _data.Train), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_list_lines_are_compared_and_the_rest_is_unknown()
    {
        foreach (string file in Directory.EnumerateFiles(_run.Folder, "*.bin")) File.Delete(file);
        SwanModelFile earlier = _model.WithLearnedImages(null);

        Assert.StartsWith("the model was trained on it", Relation(earlier, _data.Train), StringComparison.Ordinal);
        Assert.StartsWith("the best epoch was chosen on it", Relation(earlier, _data.Validation), StringComparison.Ordinal);
        Assert.Contains("the model file does not list its training images, so some of these may be among them",
            Relation(earlier, Some(_data.Train, 3)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bank_is_refused_though_the_model_and_its_run_are_of_an_earlier_version()
    {
        foreach (string file in Directory.EnumerateFiles(_run.Folder, "*.bin")) File.Delete(file);
        SwanModelFile normalized = QuerybankNormalization.Apply(
            _model.WithLearnedImages(null), Some(_data.Validation, 5), cancellationToken: TestContext.Current.CancellationToken);

        string message = Assert.Throws<SwanMismatchException>(
            () => Measured(normalized).ThrowIfNormalizedOn([Identified(_data.Validation)])).Message;

        Assert.Contains("'model.swan' knows 5 of the 6 images of 'val.jsonl'", message, StringComparison.Ordinal);
    }

    private MeasuredImages Measured(SwanModelFile model) => new(model, "model.swan", _run, heldOut: false);

    private string Relation(SwanModelFile model, CaptionedImageSet set) => Measured(model).Relation(Identified(set), beside: null);

    private static CaptionedImageSet Some(CaptionedImageSet set, int count) => set.Select(Enumerable.Range(0, count), "some");

    private CaptionedImageSet New()
    {
        string image = _folder.File("new.png");
        Sketches.Write(image, seed: 77);
        return new([new(image, "new.png", null, ["a new image"])], "new");
    }

    private static IdentifiedSet Identified(CaptionedImageSet set) => IdentifiedSet.Read(set, TestContext.Current.CancellationToken);
}
