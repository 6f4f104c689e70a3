using System.Diagnostics;
using Swan.MLNet.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Retrieval;
using Swan.Training.Data;
using Swan.Training.Losses;
using Swan.Training.Native;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>One run of <see cref="SwanTrainer"/>, from its first or its resumed step to its end: read <see cref="Run"/> top to bottom.</summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly SwanRun _run;
    private readonly SwanTrainerOptions _options;
    private readonly SwanNetwork _network;
    private readonly Device _device;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly PixelCache _trainPixels, _validationPixels;
    private readonly PixelNormalization _normalization;
    private readonly BatchLoader _loader;
    private readonly CaptionedImageSet _train;
    private readonly RetrievalValidation _validation;
    private readonly RetrievalLoss _loss;
    private readonly SwanOptimizer _optimizer;
    private readonly WeightAverage? _average;
    private readonly LearningRateSchedule _schedule;
    private readonly TrainingCheckpoint _checkpoint;
    private readonly Stopwatch _clock = new(), _learning = new();
    private readonly List<EpochReport> _reports = [];
    private TrainingPosition _at = TrainingPosition.Start;
    private double _secondsBefore, _learnSecondsBefore, _lastCheckpoint;

    public TrainingSession(
        SwanRun run, SwanNetwork network, CaptionedImageSet train, CaptionedImageSet validation, Device device, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        (_run, _options, _network, _train, _device, _progress, _cancellation) = (run, run.Options, network, train, device, progress, cancellation);
        TrainingAugmentation augmentation = TrainingAugmentation.Create(_options.Augmentation, _options.Network.ImageSize);
        ImagePreprocessing preprocessing = run.Preprocessing;
        long cacheBytes = (long)_options.CacheMegabytes << 20;
        _trainPixels = Decode(train, augmentation.WorkingSize, cacheBytes);
        _validationPixels = Decode(validation, preprocessing.Size, cacheBytes);
        _normalization = new PixelNormalization(preprocessing, device);
        TokenizedCaptions captions = TokenizedCaptions.Create(train.Captions, run.Tokenizer);
        if (captions.Truncated > 0) Say($"{captions.Truncated} training captions are longer than {_options.MaximumWords} words and have been cut.");
        _loader = new BatchLoader(train, _trainPixels, captions, augmentation, new() { BatchSize = _options.BatchSize, Pairs = _options.Pairs, Seed = _options.Seed, Threads = _options.Threads });
        _validation = new RetrievalValidation(validation, _validationPixels, TokenizedCaptions.Create(validation.Captions, run.Tokenizer), _normalization);
        _loss = _options.Loss switch
        {
            LossKind.InfoNce => new InfoNceLoss(_options.Temperature),
            _ => new TripletLoss(_options.Margin, hardest: _options.Loss == LossKind.TripletHardest),
        };
        _loss.to(device);
        _optimizer = SwanOptimizer.Create(network, _loss.parameters(), _options);
        _average = _options.EmaDecay > 0 ? new WeightAverage(network, _options.EmaDecay) : null;
        _schedule = new LearningRateSchedule(_options.Schedule, _options.Epochs, _options.WarmUpEpochs);
        _checkpoint = new TrainingCheckpoint(run, network, _loss, _optimizer, _average);
        Say($"{train.Images.Count} training and {validation.Images.Count} validation images, {run.Tokenizer.VocabularySize} token ids, {_optimizer.ParameterCount:N0} of {network.parameters().Sum(p => p.numel()):N0} parameters learn, {_loader.BatchesPerEpoch} steps an epoch.");
    }

    public TrainingResult Run(bool resume)
    {
        NativeAllocator.KeepFreedMemory();
        if (resume) Resume();
        _clock.Start();
        while (_at.Epoch < _options.Epochs)
        {
            bool stopped = LearnEpoch(out TrainingEnd end);
            if (stopped && end == TrainingEnd.Cancelled)
            {
                _checkpoint.Save(_at with { Seconds = Seconds, LearnSeconds = LearnSeconds });
                return Result(TrainingEnd.Cancelled);
            }

            bool last = stopped || _at.Epoch + 1 == _options.Epochs;
            CloseEpoch(validate: last || (_at.Epoch + 1) % _options.ValidateEvery == 0, complete: !stopped);
            if (stopped) return Result(end);
            if (_options.Patience > 0 && _at.SinceBest >= _options.Patience) return Result(TrainingEnd.Patience);
            if (_cancellation.IsCancellationRequested) return Result(TrainingEnd.Cancelled);
        }

        return Result(TrainingEnd.Epochs);
    }

    public void Dispose()
    {
        _average?.Dispose();
        _optimizer.Dispose();
        _loss.Dispose();
        _normalization.Dispose();
        _trainPixels.Dispose();
        _validationPixels.Dispose();
    }

    private double Seconds => _secondsBefore + _clock.Elapsed.TotalSeconds;

    private double LearnSeconds => _learnSecondsBefore + _learning.Elapsed.TotalSeconds;

    private bool LearnEpoch(out TrainingEnd end)
    {
        end = TrainingEnd.Epochs;
        _network.train();
        _learning.Restart();
        foreach (TrainingBatch batch in _loader.Epoch(_at.Epoch, _at.Batch, CancellationToken.None))
        {
            using (batch)
            {
                double factor = _schedule.Factor(_at.Epoch, batch.Index, _loader.BatchesPerEpoch, _options.Minutes is { } minutes ? Seconds / (60 * minutes) : 0);
                (double loss, double norm) = LearnBatch(batch, factor);
                _at = _at with { Batch = batch.Index + 1, Step = _at.Step + 1, LossSum = _at.LossSum + loss, GradientNormSum = _at.GradientNormSum + norm };
                Report(loss, factor);
            }

            if (_cancellation.IsCancellationRequested || Seconds >= 60 * _options.Minutes)
            {
                end = _cancellation.IsCancellationRequested ? TrainingEnd.Cancelled : TrainingEnd.Time;
                _learning.Stop();
                return true;
            }

            if (Seconds - _lastCheckpoint >= 60 * _options.CheckpointMinutes && _at.Batch < _loader.BatchesPerEpoch)
            {
                _checkpoint.Save(_at with { Seconds = Seconds, LearnSeconds = LearnSeconds });
                _lastCheckpoint = Seconds;
            }
        }

        _learning.Stop();
        return false;
    }

    private (double Loss, double GradientNorm) LearnBatch(TrainingBatch batch, double factor)
    {
        using var scope = NewDisposeScope();
        _optimizer.SetFactor(factor);
        _optimizer.ZeroGradients();
        Tensor images = _network.EncodeImages(_normalization.Apply(batch.Pixels, batch.Count));
        Tensor ids = tensor(batch.Ids).view(batch.Count, batch.Length).to(_device);
        Tensor captions = _network.EncodeCaptions(ids, tensor(batch.Lengths));
        Tensor loss = _loss.call(SwanNetwork.Similarity(images, captions), _options.RepeatedCaptionsArePositive ? Positives(batch) : null);
        double value = loss.item<float>();
        if (!double.IsFinite(value)) throw NotANumber(batch, value);
        loss.backward();
        double norm = _options.GradientClip > 0 ? _optimizer.ClipGradients(_options.GradientClip) : 0;
        if (!double.IsFinite(norm)) throw NotANumber(batch, norm);
        _optimizer.Step();
        _average?.Update(_at.Step + 1);
        return (value, norm);
    }

    // A caption that says the same as another, or belongs to the same image, is no negative.
    private Tensor Positives(TrainingBatch batch)
    {
        Tensor images = tensor(batch.Images.Select(i => (long)i).ToArray()), captions = tensor(batch.CaptionKeys);
        return images.unsqueeze(1).eq(images.unsqueeze(0)).logical_or(captions.unsqueeze(1).eq(captions.unsqueeze(0))).to(_device);
    }

    private SwanTrainingException NotANumber(TrainingBatch batch, double value) => new(
        $"The loss or its gradient is {value} at step {batch.Index + 1} of epoch {batch.Epoch + 1} (step {_at.Step + 1} of the run). The batch: {string.Join(", ", batch.Images.Take(8).Select(i => _train.Images[i].FileName))}"
        + $"{(batch.Count > 8 ? $" and {batch.Count - 8} more" : "")}. Training stopped; the best network so far is kept in '{_run.Folder}'. Lower the learning rate, or limit gradients (--gradient-clip 1).");

    private void CloseEpoch(bool validate, bool complete)
    {
        RetrievalMetrics? metrics = null;
        bool best = false;
        if (validate)
        {
            _progress?.Report(new() { Phase = TrainingPhase.Validating, Epoch = _at.Epoch, Epochs = _options.Epochs, Elapsed = TimeSpan.FromSeconds(Seconds) });
            _average?.Swap();
            metrics = _validation.Measure(_network, CancellationToken.None);
            best = metrics.MeanRecall > _at.BestMeanRecall;
            if (best) NetworkState.Save(_network, _run.BestWeights);
            _average?.Swap();
        }

        int batches = Math.Max(1, _at.Batch);
        var report = new EpochReport(
            _at.Epoch, _at.Step, _at.LossSum / batches, _options.LearningRate * _schedule.Factor(_at.Epoch, batches - 1, _loader.BatchesPerEpoch, _options.Minutes is { } m ? Seconds / (60 * m) : 0),
            _options.GradientClip > 0 ? _at.GradientNormSum / batches : null, (_loss as InfoNceLoss)?.Temperature,
            batches * _loader.BatchSize / Math.Max(LearnSeconds, 1e-9), Seconds, metrics, best, complete);
        _reports.Add(report);
        _run.WriteMetrics(_reports);
        TrainingCurves.Write(_reports, _run.In(SwanRun.CurvesFile));

        _learning.Reset();
        _learnSecondsBefore = 0;
        _at = new TrainingPosition(
            _at.Epoch + 1, 0, _at.Step, 0, 0, Seconds, 0, best ? metrics!.MeanRecall : _at.BestMeanRecall, best ? _at.Epoch : _at.BestEpoch, best ? 0 : _at.SinceBest + (validate ? 1 : 0));
        _checkpoint.Save(_at);
        _lastCheckpoint = Seconds;
        NativeAllocator.Trim();
        _progress?.Report(new() { Phase = TrainingPhase.EpochDone, Epoch = report.Epoch, Epochs = _options.Epochs, Loss = report.Loss, ImagesPerSecond = report.ImagesPerSecond, Elapsed = TimeSpan.FromSeconds(Seconds), Report = report });
    }

    private void Resume()
    {
        _at = _checkpoint.Load();
        (_secondsBefore, _learnSecondsBefore, _lastCheckpoint) = (_at.Seconds, _at.LearnSeconds, _at.Seconds);
        _reports.AddRange(_run.ReadMetrics().Where(r => r.Epoch < _at.Epoch));
        Say($"Resuming in epoch {_at.Epoch + 1} after step {_at.Step}.");
    }

    private TrainingResult Result(TrainingEnd end)
    {
        if (!File.Exists(_run.BestWeights))
        {
            // Stopped before the first validation: what has been learned so far is all there is.
            _average?.Swap();
            NetworkState.Save(_network, _run.BestWeights);
            _average?.Swap();
        }

        return new TrainingResult(_run, end, _at.BestEpoch, _reports.LastOrDefault(r => r.Best)?.Validation, _reports);
    }

    private PixelCache Decode(CaptionedImageSet set, int size, long cacheBytes) => PixelCache.Build(
        set.Images, size, cacheBytes, _options.Threads,
        _progress is null ? null : new Relay<int>(done => _progress.Report(new() { Phase = TrainingPhase.Preparing, Epochs = _options.Epochs, Step = done, Steps = set.Images.Count })), _cancellation);

    private void Report(double loss, double factor)
    {
        if (_progress is null) return;
        double perStep = LearnSeconds / _at.Batch;
        long left = (long)(_options.Epochs - _at.Epoch) * _loader.BatchesPerEpoch - _at.Batch;
        double seconds = Math.Min(left * perStep, (60 * _options.Minutes ?? double.PositiveInfinity) - Seconds);
        _progress.Report(new()
        {
            Phase = TrainingPhase.Training,
            Epoch = _at.Epoch,
            Epochs = _options.Epochs,
            Step = _at.Batch,
            Steps = _loader.BatchesPerEpoch,
            Loss = loss,
            LearningRate = _options.LearningRate * factor,
            ImagesPerSecond = _at.Batch * _loader.BatchSize / Math.Max(LearnSeconds, 1e-9),
            Elapsed = TimeSpan.FromSeconds(Seconds),
            Remaining = TimeSpan.FromSeconds(Math.Max(0, seconds)),
        });
    }

    private void Say(string message) => _progress?.Report(new() { Phase = TrainingPhase.Preparing, Epochs = _options.Epochs, Message = message });

    /// <summary>Unlike <see cref="Progress{T}"/> it passes reports on at once and in order.</summary>
    private sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
