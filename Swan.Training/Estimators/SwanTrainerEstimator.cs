using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet;
using Swan.MLNet.DataViews;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Transforms;
using Swan.Training.Export;
using Swan.Training.Native;
using Swan.Training.Network;
using TorchSharp;
using static System.FormattableString;

namespace Swan.Training.Estimators;

/// <summary>
/// Trains SWAN on rows of image paths and captions; the fitted transformer embeds images, or captions, and needs no TorchSharp.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>Needs fitting?</term><description>Yes; <c>Fit</c> trains, exports and opens the encoder. It can take hours: see
/// <see cref="SwanTrainerOptions.Minutes"/>.</description></item>
/// <item><term>Input</term><description>Text: image paths. Text or a vector of text: captions. Text, optional: scenes. The data are read
/// once.</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, D&gt;, D = <c>Training.Network.EmbeddingSize</c>, or 256 by default. Unit L2
/// norm: a dot product is the cosine, in [-1, 1].</description></item>
/// <item><term>Saving</term><description>The fitted transformer is a <see cref="SwanEmbeddingTransformer"/>: it is saved with its encoder,
/// and loads where only Swan.MLNet is.</description></item>
/// <item><term>The other tower</term><description><c>model.swan</c> in the run folder contains it: open that with
/// <c>mlContext.Swan().LoadModel</c>, or pass it to <c>SwanCaptionEmbedding</c>.</description></item>
/// </list>
/// It keeps the network of the epoch with the best mR on the validation data, or the last one with
/// <see cref="SwanTrainerOptions.TrainOnValidation"/>. Run one <c>Fit</c> at a time per process: libtorch's random state and threads are
/// process-wide. Source: Pan, Ma and Bai, ICMR 2023, doi:10.1145/3591106.3592236.
/// </remarks>
public sealed class SwanTrainerEstimator : IEstimator<SwanEmbeddingTransformer>
{
    internal const string ModelFile = "model.swan";
    private readonly IHostEnvironment _environment;
    private readonly SwanTrainerEstimatorOptions _options;
    private readonly TrainingColumns _columns;

    internal SwanTrainerEstimator(IHostEnvironment environment, SwanTrainerEstimatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Copy();
        _options.Check();
        (_environment, _columns) = (environment, new TrainingColumns(_options));
    }

    // The run that goes on, where it has begun.
    private SwanRun? Begun => _options is { Resume: true, RunFolder: { } folder } && File.Exists(Path.Combine(folder, SwanRun.ConfigFile))
        ? SwanRun.Open(folder) : null;

    private bool EmbedsCaptions => _options.Embedding.Input == SwanInput.Caption;

    /// <summary>Trains, exports, and opens the encoder of the kept epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, here or in the validation data.</exception>
    /// <exception cref="SwanDataException">Rows have no path or no captions, or images can't be read; all are named.</exception>
    /// <exception cref="SwanOptionsException">
    /// The options can't start a new run: a file that it starts from is missing, or weights would be random and frozen.
    /// </exception>
    /// <exception cref="SwanTrainingException">Training failed, for example because the loss is not a number.</exception>
    /// <exception cref="IOException">The run folder holds a run and <see cref="SwanTrainerEstimatorOptions.Resume"/> isn't set.</exception>
    /// <exception cref="OperationCanceledException">
    /// The options' token requested a stop. A given run folder keeps the checkpoint and the best network so far: fit with
    /// <see cref="SwanTrainerEstimatorOptions.Resume"/> to continue.
    /// </exception>
    public SwanEmbeddingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _columns.Check(input.Schema);
        if (_options.Validation is { } view) _columns.Check(view.Schema);
        if (_options is { Training: { } given, Resume: false }) SwanTrainerOptionsValidation.CheckStart(given);

        CancellationToken cancellation = _options.CancellationToken;
        CaptionedImageSet train = _columns.Read(input, "the training data", cancellation);
        CaptionedImageSet? validation = _options.Validation is { } rows ? _columns.Read(rows, "the validation data", cancellation) : null;

        string folder = _options.RunFolder ?? Directory.CreateTempSubdirectory("swan-run-").FullName;
        try
        {
            var progress = new LoggedProgress(MlNetEnvironment.Host(_environment, "SwanTrainer"), _options.Progress);
            SwanTrainer trainer = (_options.Training ?? Begun?.Options) is { } options
                ? new(options) : Planned(train, validation, progress).CreateTrainer();
            TrainingResult result = trainer.Train(train, validation, folder, _options.Resume, progress, cancellation);
            if (result.End == StopReason.Cancelled)
            {
                throw new OperationCanceledException(_options.RunFolder is null
                    ? "Training was stopped."
                    : $"Training was stopped. '{folder}' keeps the checkpoint: "
                        + $"fit with {nameof(SwanTrainerEstimatorOptions.Resume)} to continue.",
                    cancellation);
            }
            string model = Path.Combine(folder, ModelFile);
            SwanExporter.Export(result.Run, model, cancellationToken: cancellation);
            return SwanEmbeddingEstimator.From(_environment, _options.OutputColumnName,
                EmbedsCaptions ? _options.CaptionColumnName : _options.ImageColumnName, model, _options.Embedding).Fit(input);
        }
        finally
        {
            if (_options.RunFolder is null) HeldFile.TryRemoveFolder(folder);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _columns.Check(inputSchema);
        SwanNetworkOptions network = (_options.Training is { } given ? InitialShape.NetworkOf(given) : null)
            ?? Begun?.Options.Network ?? TrainingPlan.ShapeOfEmbedding;
        // The model that the annotation will name doesn't exist yet; a shape has the annotation's type only.
        return ColumnShapes.Append(inputSchema, EmbeddingColumns.Added(
            _options.OutputColumnName, _options.Embedding.ErrorColumnOf(_options.OutputColumnName),
            network.EmbeddingSize, new ModelIdentity("", ""), network.Variant,
            _options.Embedding.GivenRangeOf(EmbedsCaptions ? SwanInput.Caption : SwanInput.ImagePath)));
    }

    private static TrainingPlan Planned(CaptionedImageSet train, CaptionedImageSet? validation, LoggedProgress progress)
    {
        bool onGpu = TorchDevice.Resolve(SwanDevice.Auto).Device.type == DeviceType.CUDA;
        TrainingPlan plan = TrainingPlan.Choose(train, validation, onGpu);
        foreach (string line in plan.Lines)
            progress.Report(new() { Phase = TrainingPhase.Preparing, Epochs = plan.Options.Epochs, Message = line });
        return plan;
    }

    /// <summary>Passes progress on, and writes messages and epochs to ML.NET's log.</summary>
    private sealed class LoggedProgress(IHost host, IProgress<TrainingProgress>? next) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            next?.Report(value);
            if (value.Message is { } message) MlNetEnvironment.Info(host, "Train", message);
            else if (value.Report is { } epoch)
            {
                string best = epoch.Best ? ", the best so far" : "";
                string measured = epoch.Validation is { } v ? Invariant($"mR {v.MeanRecall:F2}{best}") : "not validated";
                MlNetEnvironment.Info(host, "Train",
                    Invariant($"epoch {epoch.Epoch + 1} of {value.Epochs}: loss {epoch.Loss:G4}, {measured}, ")
                    + Invariant($"{epoch.ImagesPerSecond:F1} images/s"));
            }
        }
    }
}
