using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;
using Swan.Training.Estimators;

namespace Swan.Training.Tests.Estimators;

public sealed class SwanTrainerEstimatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly CaptionedImageSet _train, _validation;

    public SwanTrainerEstimatorTests() => (_train, _validation) = TinyData.Open(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fit_trains_a_transformer_that_a_process_without_training_loads_and_gets_the_same_embeddings_from()
    {
        string run = _folder.File("run");
        IDataView data = Rows(_train);
        SwanEmbeddingTransformer fitted = _ml.Swan().Trainer(Options(o => o.RunFolder = run)).Fit(data);
        List<Embedded> embedded = Read(fitted.Transform(data));

        using SwanModel model = _ml.Swan().LoadModel(Path.Combine(run, "model.swan"));
        Assert.Equal((SwanInput.ImagePath, 16), (fitted.Input, fitted.Card.EmbeddingSize));
        Assert.Equal(model.Card.Identity, fitted.Card.Identity);
        Assert.Equal(12, embedded.Count);
        for (int i = 0; i < embedded.Count; i++)
        {
            Assert.Equal(1, embedded[i].Embedding.Sum(v => v * v), tolerance: 1e-4);
            Same(model.EmbedImage(_train.Images[i].ImagePath), embedded[i].Embedding);
        }

        double mean = SwanRun.Open(run).ReadMetrics().Last(e => e.Best).Validation!.MeanRecall;
        Assert.Equal(mean, fitted.Card.Metrics.Single(m => m.Name == "mR").Value);

        string pipeline = _folder.File("pipeline.zip");
        _ml.Model.Save(fitted, data.Schema, pipeline);
        fitted.Dispose();
        Directory.Delete(run, recursive: true); // the pipeline has all that it needs
        JsonNode report = LoadOnlyProcess.Run(pipeline, "ImagePath", [.. _train.Images.Take(3).Select(i => i.ImagePath)]);
        for (int i = 0; i < 3; i++) Same(embedded[i].Embedding, LoadOnlyProcess.Vector(report, i, "Embedding"));
    }

    [Fact]
    public void The_estimator_keeps_what_every_estimator_promises()
    {
        IDataView noCaptions = _ml.Data.LoadFromEnumerable([new { ImagePath = "a", Other = "b" }]);
        IDataView numbers = _ml.Data.LoadFromEnumerable([new { ImagePath = "a", Captions = 1f }]);
        IDataView imageVectors = _ml.Data.LoadFromEnumerable([new TwoPaths()]);
        // The transformer embeds the image column alone: what it refuses must lack that.
        var estimator = _ml.Swan().Trainer(Options());
        EstimatorConformance.Check(
            new MLContext(1), estimator, Rows(_train), _ml.Data.LoadFromEnumerable([new { Captions = "b" }]), imageVectors);
        foreach (IDataView invalid in (IDataView[])[noCaptions, numbers])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(invalid));
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShapeOf(invalid)));
        }

        var e = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(numbers));
        Assert.Contains("The column 'Captions' is Single; expected String or a vector of String", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_for_each_caption_learns_the_same_as_a_row_for_each_image_and_captions_can_be_embedded()
    {
        string byImage = _folder.File("by image"), byCaption = _folder.File("by caption");
        using SwanEmbeddingTransformer images = _ml.Swan().Trainer(Options(o => o.RunFolder = byImage)).Fit(Rows(_train));
        IDataView single = _ml.Data.LoadFromEnumerable(_train.Captions.Select((text, i) => new CaptionRow
        {
            ImagePath = _train.Images[_train.CaptionImage[i]].ImagePath,
            Captions = text,
        }));
        using SwanEmbeddingTransformer captions = _ml.Swan().Trainer(Options(o =>
        {
            o.RunFolder = byCaption;
            o.Embedding.Input = SwanInput.Caption;
        })).Fit(single);

        TinyRun.AssertEqual(byImage, byCaption);
        Assert.Equal((SwanInput.Caption, "Captions"), (captions.Input, captions.InputColumnName));
        using SwanModel model = _ml.Swan().LoadModel(Path.Combine(byImage, "model.swan"));
        List<Embedded> embedded = Read(captions.Transform(single));
        Same(model.EmbedCaption(_train.Captions[4]), embedded[4].Embedding);
    }

    [Fact]
    public void Scenes_folder_validation_and_column_names_are_followed()
    {
        string images = Path.GetDirectoryName(_train.Images[0].ImagePath)!, run = _folder.File("run");
        var options = Options(o =>
        {
            (o.ImageColumnName, o.CaptionColumnName, o.SceneColumnName, o.OutputColumnName, o.RunFolder) =
                ("File", "Sentences", "Kind", "Vector", run);
            o.Embedding.ImageFolder = images;
            o.Validation = Renamed(_validation);
        });
        SwanEmbeddingTransformer fitted = _ml.Swan().Trainer(options).Fit(Renamed(_train));

        Assert.Equal(("File", "Vector"), (fitted.InputColumnName, fitted.OutputColumnName));
        Assert.Equal(12, Read(fitted.Transform(Renamed(_train)), "Vector").Count);
        RetrievalCounts counts = Counts(run);
        Assert.Equal((12, 6), (counts.Train, counts.Validation));
        // One scene for all: every result has the query's scene.
        Assert.Equal(1, SwanRun.Open(run).ReadMetrics()[0].Validation!.SceneRecall!.ImageToTextAt5);
        fitted.Dispose();

        IDataView Renamed(CaptionedImageSet set) =>
            _ml.Data.LoadFromEnumerable(set.Images.Select(i => new { File = i.FileName, Sentences = i.Captions[0], Kind = "any" }));
    }

    [Fact]
    public void Without_validation_data_a_share_of_the_images_validates_and_a_temporary_run_folder_is_removed()
    {
        string before = string.Join('\n', Temporary());
        var steps = new List<TrainingProgress>();
        using var log = new LogLines(_ml);
        using SwanEmbeddingTransformer fitted = _ml.Swan().Trainer(Options(o =>
        {
            o.Training = o.Training! with { ValidationShare = 1 / 3.0 };
            o.Progress = new TinyRun.Callback(steps.Add);
        })).Fit(Rows(_train));

        EpochReport report = Assert.Single(steps, s => s.Report is not null).Report!;
        Assert.Equal(4, report.Validation!.Images); // a third of the twelve
        Assert.Equal(before, string.Join('\n', Temporary()));
        Assert.Contains(log.Lines,
            l => l.Contains("SwanTrainer", StringComparison.Ordinal) && l.Contains("epoch 1 of 1: loss", StringComparison.Ordinal));

        static IEnumerable<string> Temporary() =>
            Directory.EnumerateDirectories(Path.GetTempPath(), "swan-run-*").Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_canceled_fit_throws_and_a_resumed_one_ends_where_an_uninterrupted_one_does()
    {
        string whole = _folder.File("whole"), parts = _folder.File("parts");
        using SwanEmbeddingTransformer expected = _ml.Swan().Trainer(Options(o => o.RunFolder = whole)).Fit(Rows(_train));

        using var stop = new CancellationTokenSource();
        SwanTrainerEstimatorOptions options = Options(o =>
        {
            o.RunFolder = parts;
            o.CancellationToken = stop.Token;
            o.Progress = new TinyRun.Callback(p =>
            {
                if (p.Phase == TrainingPhase.Training) stop.Cancel();
            });
        });
        var e = Assert.ThrowsAny<OperationCanceledException>(() => _ml.Swan().Trainer(options).Fit(Rows(_train)));
        Assert.Contains("Resume", e.Message, StringComparison.Ordinal);

        (options.CancellationToken, options.Progress, options.Resume) = (default, null, true);
        using SwanEmbeddingTransformer resumed = _ml.Swan().Trainer(options).Fit(Rows(_train));
        TinyRun.AssertEqual(whole, parts);
        Assert.Equal(expected.Card.Identity, resumed.Card.Identity);
    }

    [Fact]
    public void Rows_that_cannot_be_learned_from_are_named_together()
    {
        ImageRow[] rows =
        [
            new() { ImagePath = "", Captions = ["a"] },
            new() { ImagePath = "a.png", Captions = ["", " "], Scene = "x" },
            new() { ImagePath = "b.png", Captions = ["b"], Scene = "x" },
            new() { ImagePath = "b.png", Captions = ["b"], Scene = "y" },
        ];
        var e = Assert.Throws<SwanDataException>(
            () => _ml.Swan().Trainer(Options(o => o.SceneColumnName = "Scene")).Fit(_ml.Data.LoadFromEnumerable(rows)));
        Assert.Equal(
            ["row 0, column 'ImagePath': the image's path is empty.",
                "row 3, column 'Scene': the image 'b.png' has the scene 'y' here, and 'x' in an earlier row.",
                "row 1, column 'Captions': the image 'a.png' has no captions."],
            e.Faults.Select(f => f.Problem));
    }

    [Fact]
    public void Image_paths_do_not_lead_out_of_the_image_folder()
    {
        ImageRow[] rows = [new() { ImagePath = "../a.png", Captions = ["a"] }, new() { ImagePath = "/b.png", Captions = ["b"] }];
        var e = Assert.Throws<SwanDataException>(
            () => _ml.Swan().Trainer(Options(o => o.Embedding.ImageFolder = "images")).Fit(_ml.Data.LoadFromEnumerable(rows)));
        Assert.Equal(2, e.Faults.Count);
        Assert.All(e.Faults, f => Assert.Contains("leads out of the image folder 'images'", f.Problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_are_checked_together_when_the_estimator_is_made_and_come_back_from_json()
    {
        var e = Assert.Throws<ArgumentException>(() => _ml.Swan().Trainer(o =>
        {
            (o.ImageColumnName, o.OutputColumnName, o.Resume) = ("Captions", "", true);
            o.Training = new() { Epochs = 0 };
            o.Embedding.BatchSize = 0;
            o.Embedding.Input = SwanInput.Image;
            o.Embedding.NoData = 0;
        }));
        foreach (string fault in (string[])["OutputColumnName is empty", "are both 'Captions'", "Resume is set, but RunFolder is null",
            "Training.Epochs is 0", "BatchSize is 0", "Embedding.Input is Image", "would learn from other pixels"])
            Assert.Contains(fault, e.Message, StringComparison.Ordinal);

        SwanTrainerEstimatorOptions options =
            Options(o => (o.SceneColumnName, o.RunFolder, o.Resume, o.Embedding.BatchSize) = ("Scene", "run", true, 7));
        SwanTrainerEstimatorOptions read = JsonSerializer.Deserialize<SwanTrainerEstimatorOptions>(JsonSerializer.Serialize(options))!;
        Assert.Equal(JsonSerializer.Serialize(options), JsonSerializer.Serialize(read));
        Assert.Equal((options.Training, "Scene", 7), (read.Training, read.SceneColumnName, read.Embedding.BatchSize));
    }

    private static SwanTrainerEstimatorOptions Options(Action<SwanTrainerEstimatorOptions>? configure = null)
    {
        var options = new SwanTrainerEstimatorOptions { Training = TinyRun.Options with { Epochs = 1 } };
        options.Embedding.Device = MLNet.SwanDevice.Cpu;
        configure?.Invoke(options);
        return options;
    }

    private IDataView Rows(CaptionedImageSet set) =>
        _ml.Data.LoadFromEnumerable(
            set.Images.Select(i => new ImageRow { ImagePath = i.ImagePath, Captions = [.. i.Captions], Scene = i.Scene! }));

    private List<Embedded> Read(IDataView view, string column = "Embedding")
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Embedded));
        definition[nameof(Embedded.Embedding)].ColumnName = column;
        return [.. _ml.Data.CreateEnumerable<Embedded>(view, reuseRowObject: false, schemaDefinition: definition)];
    }

    private static SchemaShape SchemaShapeOf(IDataView view) => MLNet.DataViews.ColumnShapes.Create(view.Schema);

    private static RetrievalCounts Counts(string run)
    {
        JsonNode data = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "data.json")))!;
        return new(data["train"]!["images"]!.GetValue<int>(), data["validation"]!["images"]!.GetValue<int>());
    }

    private static void Same(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, tolerance: 1e-5f));

    private sealed record RetrievalCounts(int Train, int Validation);

    private sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";

        public string[] Captions { get; set; } = [];

        public string Scene { get; set; } = "";
    }

    private sealed class CaptionRow
    {
        public string ImagePath { get; set; } = "";

        public string Captions { get; set; } = "";
    }

    private sealed class TwoPaths
    {
        [VectorType(2)]
        public string[] ImagePath { get; set; } = ["a", "b"];

        public string Captions { get; set; } = "c";
    }

    private sealed class Embedded
    {
        public float[] Embedding { get; set; } = [];
    }

    private sealed class LogLines : IDisposable
    {
        private readonly MLContext _context;

        public LogLines(MLContext context) => (_context = context).Log += Add;

        public List<string> Lines { get; } = [];

        public void Dispose() => _context.Log -= Add;

        private void Add(object? sender, LoggingEventArgs e)
        {
            lock (Lines) Lines.Add(e.Message);
        }
    }
}
