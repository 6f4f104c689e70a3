using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.DataViews;
using Swan.MLNet.Transforms;
using Swan.Training.Estimators;

namespace Swan.Training.Tests.Estimators;

/// <summary>An estimator that nobody tells how to train, and one that can't.</summary>
public sealed class PlannedEstimatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly CaptionedImageSet _train;

    public PlannedEstimatorTests() => _train = TinyData.Open(_folder.File("data")).Train;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_training_options_fit_trains_as_suits_the_rows_and_a_resumed_fit_goes_on_so()
    {
        string run = _folder.File("run");
        List<string> said = StopAtFirstStep(run, resume: false);
        SwanTrainerOptions begun = SwanRun.Open(run).Options;
        Assert.Equal(("small_convnet", false), (begun.Network.Backbone, begun.FreezeBackbone));
        Assert.Contains(said, m => m.Contains("options are chosen for 12 images with 36 captions", StringComparison.Ordinal));

        said = StopAtFirstStep(run, resume: true);

        Assert.Contains(said, m => m.Contains("Resuming in epoch", StringComparison.Ordinal));
        Assert.Equal(begun, SwanRun.Open(run).Options);
        // What the shape says before there are rows is what the run has.
        SchemaShape shape = _ml.Swan().Trainer().GetOutputSchema(ColumnShapes.Create(Rows().Schema));
        Assert.Contains(shape, c => c.Name == "Embedding");
        Assert.Equal((begun.Network.EmbeddingSize, begun.Network.Variant),
            (TrainingPlan.ShapeOfEmbedding.EmbeddingSize, TrainingPlan.ShapeOfEmbedding.Variant));
    }

    [Fact]
    public void Options_that_no_run_can_begin_with_are_refused_before_rows_are_read()
    {
        int read = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(_train.Images.Select(i =>
        {
            read++;
            return new ImageRow { ImagePath = i.ImagePath, Captions = [.. i.Captions] };
        }));
        string message = Assert.Throws<SwanOptionsException>(() => _ml.Swan().Trainer(o => o.Training = new()).Fit(data)).Message;
        Assert.Equal(0, read);
        foreach (string way in (string[])["BackboneWeights)", "FreezeBackbone and FreezeStem false"])
            Assert.Contains(way, message, StringComparison.Ordinal);
    }

    private List<string> StopAtFirstStep(string run, bool resume)
    {
        var said = new List<string>();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => _ml.Swan().Trainer(o =>
        {
            (o.RunFolder, o.Resume, o.CancellationToken) = (run, resume, stop.Token);
            o.Progress = new TinyRun.Callback(p =>
            {
                if (p.Message is { } message) said.Add(message);
                if (p.Phase == TrainingPhase.Training) stop.Cancel();
            });
        }).Fit(Rows()));
        return said;
    }

    private IDataView Rows() => _ml.Data.LoadFromEnumerable(
        _train.Images.Select(i => new ImageRow { ImagePath = i.ImagePath, Captions = [.. i.Captions] }));

    private sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";

        public string[] Captions { get; set; } = [];
    }
}
