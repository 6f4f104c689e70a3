using System.Diagnostics;
using Swan.MLNet.Imaging;
using Swan.Training;
using Swan.Training.DataLoading;
using Swan.Training.Losses;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Benchmarks.Steps;

/// <summary>Training steps of a recipe on made-up batches; how long a step takes doesn't depend on what is learned.</summary>
internal sealed class MeasuredStep : IDisposable
{
    private const int Scenes = 30, ShortestCaption = 8, LongestCaption = 24;
    private readonly SwanTrainerOptions _options;
    private readonly SwanNetwork _network;
    private readonly PixelNormalization _normalization;
    private readonly TrainingStep _step;
    private readonly Random _random = new(0);
    private int _steps;

    public MeasuredStep(SwanTrainerOptions options, Device device)
    {
        _options = options;
        _network = SwanNetwork.Create(options.Network);
        TrainingStep.Prepare(_network, options, device);
        _normalization = new PixelNormalization(new ImagePreprocessing { Size = options.Network.ImageSize }, device);
        long[] scenes = [.. Enumerable.Range(0, options.BatchSize).Select(i => (long)i % Scenes)];
        _step = new TrainingStep(options, _network, TrainingObjective.Create(options, Scenes), _normalization, scenes, device);
    }

    /// <summary>Seconds of one step, batch and all.</summary>
    public double Take()
    {
        using TrainingBatch batch = Batch();
        var watch = Stopwatch.StartNew();
        _step.Take(batch, factor: 1, ++_steps);
        foreach (StepOutcome outcome in _step.Outcomes())
        {
            if (!outcome.IsFinite) throw new InvalidOperationException($"The loss is {outcome.Loss} at step {_steps}.");
        }
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Milliseconds of zeroing, clipping, optimizer and average alone.</summary>
    public double Update()
    {
        var watch = Stopwatch.StartNew();
        _step.Optimizer.ZeroGradients();
        _step.Optimizer.Step(factor: 1, maxNorm: 1).Dispose();
        _step.Average?.Update(++_steps);
        return watch.Elapsed.TotalMilliseconds;
    }

    public void Dispose()
    {
        _step.Dispose();
        _normalization.Dispose();
        _network.Dispose();
    }

    private TrainingBatch Batch()
    {
        var batch = new TrainingBatch(
            0, _steps, _options.BatchSize, _options.Network.ImageSize, LongestCaption, _options.CaptionsPerImage);
        _random.NextBytes(batch.PixelBuffer);
        for (int i = 0; i < batch.Ids.Length; i++) batch.Ids[i] = _random.Next(_options.Network.VocabularyRows);
        for (int pair = 0; pair < batch.Pairs; pair++)
        {
            // Most captions are about half as long as the longest.
            batch.Lengths[pair] = Math.Min(
                _random.Next(ShortestCaption, LongestCaption + 1), _random.Next(ShortestCaption, LongestCaption + 1));
            batch.Images[pair] = pair % batch.Count;
            batch.Captions[pair] = batch.Images[pair];
            batch.CaptionKeys[pair] = pair;
        }
        batch.Lengths[0] = LongestCaption;
        return batch;
    }
}
