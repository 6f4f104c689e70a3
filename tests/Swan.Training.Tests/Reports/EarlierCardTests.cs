using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training.DataLoading;
using Swan.Training.Export;
using Swan.Training.Reports;

namespace Swan.Training.Tests.Reports;

/// <summary>Cards of an earlier version, which had other names of options, against runs of this one.</summary>
public sealed class EarlierCardTests : IDisposable
{
    private static readonly SwanTrainerOptions Options = TinyRun.Options with
    {
        Epochs = 1, Augmentation = AugmentationKind.Nadir, MinCrop = 0.3, FreezeBackbone = false, BatchNormMode = BatchNormMode.Eval,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;

    public EarlierCardTests() => _data = TinyData.Open(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Earlier_names_compare_as_the_options_that_they_became()
    {
        SwanRun held = TinyRun.Train(Options, _data, _folder.File("held")).Run;
        SwanRun all = TinyRun.Train(Options with { TrainOnValidation = true }, _data, _folder.File("all")).Run;
        SwanExporter.Export(held, _folder.File("held.swan"));
        ModelCard card = SwanModelFile.Read(_folder.File("held.swan")).Card;
        ModelCard same = Earlier(card, "0.3"), other = Earlier(card, "0.4");

        ModelCardChecks.ValidateExported(same, "held.swan", held, held.ReadMetrics());
        HeldOutModel.Validate(same, "held.swan", all, RunData.Read(all));

        Assert.Contains(": minCrop is 0.4 in the model and 0.3 in the run. ", Assert.Throws<SwanMismatchException>(
            () => ModelCardChecks.ValidateExported(other, "held.swan", held, held.ReadMetrics())).Message, StringComparison.Ordinal);
        Assert.Contains(": its minCrop is 0.4 and the run's 0.3. ", Assert.Throws<SwanMismatchException>(
            () => HeldOutModel.Validate(other, "held.swan", all, RunData.Read(all))).Message, StringComparison.Ordinal);
    }

    private static ModelCard Earlier(ModelCard card, string smallestCrop)
    {
        var training = new Dictionary<string, string>(card.Training)
        {
            ["smallestCrop"] = smallestCrop, ["backboneStatistics"] = "fixed", ["learnValidation"] = "false",
        };
        foreach (string name in (string[])["minCrop", "batchNormMode", "trainOnValidation"]) Assert.True(training.Remove(name));
        return card with { Training = training };
    }
}
