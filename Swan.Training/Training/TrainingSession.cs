using System.Runtime.InteropServices;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Imaging;
using Swan.MLNet.Numerics;
using Swan.MLNet.Text;
using Swan.Training.DataLoading;
using Swan.Training.Losses;
using Swan.Training.Native;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>
/// One run of <see cref="SwanTrainer"/>, from its first or its resumed step to its end: read <see cref="Run"/> top to bottom.
/// </summary>
internal sealed class TrainingSession : IDisposable
{
    // Tells a step's random numbers from those of the loader (see BatchLoader), which uses −1, −2 and the positions from 0.
    private const long FirstStepStream = -3;

    private readonly SwanRun _run;
    private readonly SwanTrainerOptions _options;
    private readonly SwanNetwork _network;
    private readonly Device _device;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly PixelCache _trainPixels;
    private readonly PixelCache? _validationPixels;
    private readonly PixelNormalization _normalization;
    private readonly BatchLoader _loader;
    private readonly CaptionedImageSet _train;
    private readonly RetrievalValidation? _validation;
    private readonly TrainingObjective _loss;
    private readonly long[] _sceneIds;
    private readonly SwanOptimizer _optimizer;
    private readonly WeightAverage? _average;
    private readonly LearningRateSchedule _schedule;
    private readonly TrainingCheckpoint _checkpoint;
    private readonly RunClock _clock = new();
    private readonly List<EpochReport> _reports = [];
    private TrainingPosition _at = TrainingPosition.Start;
    private double _lastCheckpoint;
    private TeacherEmbeddings? _teachers;

    public TrainingSession(
        SwanRun run, SwanNetwork network, CaptionedImageSet train, CaptionedImageSet? validation, Device device,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        (_run, _options, _network, _train, _device, _progress, _cancellation) =
            (run, run.Options, network, train, device, progress, cancellation);
        try
        {
            TrainingAugmentation augmentation = TrainingAugmentation.Create(
                _options.Augmentation, _options.Network.ImageSize, _options.MinCrop);
            ImagePreprocessing preprocessing = run.Preprocessing;
            long memory = (long)_options.CacheMegabytes << 20;
            _trainPixels = Decode(train, augmentation.WorkingSize, memory);
            if (validation is not null)
            {
                _validationPixels = Decode(validation, preprocessing.Size,
                    memory - (_trainPixels.InMemory ? (long)_trainPixels.Count * _trainPixels.BytesPerImage : 0));
            }
            _normalization = new PixelNormalization(preprocessing, device);
            TokenizedCaptions captions = Tokenize("training", train);
            _loader = new BatchLoader(train, _trainPixels, captions, augmentation, new()
            {
                BatchSize = _options.BatchSize,
                Pairs = _options.Pairs,
                CaptionsPerImage = _options.CaptionsPerImage,
                Seed = _options.Seed,
                Threads = _options.Threads,
            });
            if (validation is not null)
            {
                _validation = new RetrievalValidation(
                    validation, _validationPixels!, Tokenize("validation", validation), _normalization);
            }
            _sceneIds = SceneIds(train.Scenes, out int scenes);
            _loss = TrainingObjective.Create(_options, scenes);
            _loss.to(device);
            _optimizer = SwanOptimizer.Create(network, _loss.parameters(), _options);
            _average = _options.EmaDecay > 0 ? new WeightAverage(network, _options.EmaDecay) : null;
            _schedule = new LearningRateSchedule(_options.Schedule, _options.Epochs, _options.WarmUpEpochs);
            _checkpoint = new TrainingCheckpoint(run, network, _loss, _optimizer, _average);
            Say($"{train.Images.Count} training and {validation?.Images.Count ?? 0} validation images, {run.Tokenizer.VocabularySize} "
                + $"token ids, {_optimizer.ParameterCount:N0} of {network.parameters().Sum(p => p.numel()):N0} parameters learn, "
                + $"{_loader.BatchesPerEpoch} steps an epoch.");
        }
        catch
        {
            Dispose();
            throw;
        }

        TokenizedCaptions Tokenize(string role, CaptionedImageSet set)
        {
            TokenizedCaptions tokenized = TokenizedCaptions.Create(set.Captions, run.Tokenizer);
            if (tokenized.Truncated > 0)
                Say(CaptionText.DescribeCut(tokenized.Truncated, tokenized.Count, run.Tokenizer.MaxLength, $"The {role} captions"));
            return tokenized;
        }
    }

    /// <summary>Which images are learned from, in order.</summary>
    public IReadOnlyList<ImageIdentity> LearnedImages => _trainPixels.Identities;

    /// <summary>Which images mR is measured on, in order; null where nothing is.</summary>
    public IReadOnlyList<ImageIdentity>? MeasuredImages => _validationPixels?.Identities;

    private double Limit => 60 * _options.Minutes ?? double.PositiveInfinity;

    // TorchSharp's CUDA doesn't bring ONNX Runtime's along.
    private SwanDevice TeacherDevice => _device.type == TorchSharp.DeviceType.CPU ? SwanDevice.Cpu : SwanDevice.Auto;

    private bool TimeIsOver => _clock.Seconds >= Limit;

    public TrainingResult Run(bool resume)
    {
        if (resume) Resume();
        if (_options.Teachers is { Count: > 0 } teachers && Ended() is null)
            _teachers = TeacherEmbeddings.Ask(teachers, _train, TeacherDevice, _options.Threads, Say, _cancellation);
        _clock.Start(_at);
        StopReason? end;
        while ((end = Ended()) is null)
        {
            LearnEpoch();
            // A canceled epoch, or one whose validation is canceled, goes on here when it is resumed.
            if (_cancellation.IsCancellationRequested || !CloseEpoch())
            {
                _checkpoint.Save(_clock.Stamp(_at));
                return Result(StopReason.Cancelled);
            }
        }

        return Result(end.Value);
    }

    // Any of these may be null when the constructor has failed.
    public void Dispose()
    {
        _average?.Dispose();
        _optimizer?.Dispose();
        _loss?.Dispose();
        _normalization?.Dispose();
        _trainPixels?.Dispose();
        _validationPixels?.Dispose();
    }

    private StopReason? Ended()
    {
        if (_at.Epoch >= _options.Epochs) return _reports is [.., { Complete: false }] ? StopReason.TimeLimit : StopReason.MaxEpochs;
        if (_options.Patience > 0 && _at.SinceBest >= _options.Patience) return StopReason.EarlyStopping;
        return _at is { Step: > 0, Batch: 0 } && TimeIsOver ? StopReason.TimeLimit : null;
    }

    /// <summary>Takes the epoch's remaining steps, or fewer when the time is over or a person stops the run.</summary>
    private void LearnEpoch()
    {
        if (_cancellation.IsCancellationRequested || (_at.Batch > 0 && TimeIsOver)) return;
        _network.train();
        using IDisposable learning = _clock.Learn();
        foreach (TrainingBatch batch in _loader.Epoch(_at.Epoch, _at.Batch, CancellationToken.None))
        {
            using (batch)
            {
                double factor = _schedule.Factor(_at.Epoch, batch.Index, _loader.BatchesPerEpoch, _clock.Seconds / Limit);
                (double loss, double norm) = LearnBatchOrSay(batch, factor);
                _at = _at with
                {
                    Batch = batch.Index + 1,
                    Step = _at.Step + 1,
                    Factor = factor,
                    LossSum = _at.LossSum + loss,
                    GradientNormSum = _at.GradientNormSum + norm,
                };
                Report(loss);
            }

            if (_cancellation.IsCancellationRequested || TimeIsOver) return;
            if (_clock.Seconds - _lastCheckpoint >= 60 * _options.CheckpointMinutes && _at.Batch < _loader.BatchesPerEpoch)
            {
                _checkpoint.Save(_clock.Stamp(_at));
                _lastCheckpoint = _clock.Seconds;
            }
        }
    }

    private static long[] SceneIds(IReadOnlyList<string?> scenes, out int count)
    {
        string[] names = [.. scenes.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        count = names.Length;
        return [.. scenes.Select(s => s is null ? SceneLoss.NoScene : Array.BinarySearch(names, s, StringComparer.Ordinal))];
    }

    private (double Loss, double GradientNorm) LearnBatchOrSay(TrainingBatch batch, double factor)
    {
        try
        {
            return LearnBatch(batch, factor);
        }
        catch (ExternalException e)
        {
            string kept = TrainingCheckpoint.Exists(_run.Folder)
                ? $"The checkpoint in '{_run.In(SwanRun.LastFolder)}' is kept."
                : "There is no checkpoint yet.";
            throw TorchFault.Of(e,
                $"at step {batch.Index + 1} of epoch {batch.Epoch + 1} on {_device}, with {_loader.BatchSize} images of "
                + $"{_options.Network.ImageSize}×{_options.Network.ImageSize} pixels. {kept} It said",
                $"Train in another folder with fewer pairs at a time (--batch {Math.Max(2, _loader.BatchSize / 2)}) or smaller images, or "
                + "wait until other programs need less, and --resume.");
        }
    }

    private (double Loss, double GradientNorm) LearnBatch(TrainingBatch batch, double factor)
    {
        using var scope = NewDisposeScope();
        // Dropout depends on seed and step only, on every device, so a resumed run needs no generator's state.
        var random = new SampleRandom(_options.Seed, batch.Epoch, FirstStepStream - batch.Index);
        manual_seed((long)(random.NextUInt64() >> 1)).Dispose();
        _optimizer.SetFactor(factor);
        _optimizer.ZeroGradients();
        Tensor images = _network.EncodeImages(_normalization.Apply(batch.Pixels, batch.Count));
        Tensor ids = tensor(batch.Ids).view(batch.Pairs, batch.Length).to(_device);
        Tensor captions = _network.EncodeCaptions(ids, tensor(batch.Lengths));
        Tensor? positives = _options.RepeatedCaptionsArePositive
            ? RetrievalLoss.Positives(batch.Images, batch.CaptionKeys).to(_device)
            : null;
        Tensor scenes = tensor(Array.ConvertAll(batch.Images[..batch.Count], i => _sceneIds[i])).to(_device);
        Tensor loss = _loss.Compute(images, captions, positives, scenes, _teachers?.Similarity(batch, _device));
        double value = loss.item<float>();
        if (!double.IsFinite(value)) throw NotANumber("loss", batch, value);
        loss.backward();
        double norm = _optimizer.ClipGradients(_options.GradientClip > 0 ? _options.GradientClip : double.PositiveInfinity);
        if (!double.IsFinite(norm)) throw NotANumber("gradient's norm", batch, norm);
        _optimizer.Step();
        _average?.Update(_at.Step + 1);
        return (value, norm);
    }

    private SwanTrainingException NotANumber(string what, TrainingBatch batch, double value) => new(
        $"The {what} is {value} at step {batch.Index + 1} of epoch {batch.Epoch + 1} (step {_at.Step + 1} of "
        + "the run), so training stopped. "
        + $"The batch: {string.Join(", ", batch.Images.Take(8).Select(i => _train.Images[i].FileName))}"
        + $"{(batch.Count > 8 ? $" and {batch.Count - 8} more" : "")}. {WhatIsLeft()}");

    private string WhatIsLeft() =>
        (!File.Exists(_run.BestWeights)
            ? $"No epoch was {(_validation is null ? "complete" : "validated")} before, so no network is kept. "
            : $"The {(_validation is null ? "last" : "best")} network so far is kept in '{_run.BestWeights}'. ")
        + "Train again in another folder with a lower learning rate, or with limited gradients (--gradient-clip 1).";

    /// <summary>Validates, keeps the network if it is the best, and reports. False when the validation was canceled.</summary>
    private bool CloseEpoch()
    {
        bool complete = _at.Batch == _loader.BatchesPerEpoch, best = false;
        ThrowIfDiverged();
        RetrievalMetrics? metrics = null;
        if (_validation is null) KeepWeights();
        else if (!complete || TimeIsOver || _at.Epoch + 1 == _options.Epochs || (_at.Epoch + 1) % _options.ValidateEvery == 0)
        {
            _progress?.Report(new()
            {
                Phase = TrainingPhase.Validating,
                Epoch = _at.Epoch,
                Epochs = _options.Epochs,
                Elapsed = TimeSpan.FromSeconds(_clock.Seconds),
            });
            _average?.Swap();
            try
            {
                metrics = _clock.Validate(() => _validation.Measure(_network, _cancellation));
                best = metrics.MeanRecall > _at.BestMeanRecall;
                if (best) NetworkState.Save(_network, _run.BestWeights);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            catch (SwanTrainingException e)
            {
                throw new SwanTrainingException(
                    $"{e.Message} after step {_at.Step} (epoch {_at.Epoch + 1}): the weights are no longer numbers. {WhatIsLeft()}", e);
            }
            finally
            {
                _average?.Swap();
            }
        }

        var report = new EpochReport(
            _at.Epoch, _at.Step, _at.LossSum / _at.Batch, _options.LearningRate * _at.Factor, _at.GradientNormSum / _at.Batch,
            _loss.Temperature,
            _at.Batch * _loader.BatchSize / Math.Max(_clock.LearnSeconds, 1e-9), _clock.Seconds, metrics, best, complete);
        _reports.Add(report);
        _run.WriteMetrics(_reports);
        _clock.NextEpoch();
        _at = _clock.Stamp(_at with
        {
            Epoch = _at.Epoch + 1,
            Batch = 0,
            LossSum = 0,
            GradientNormSum = 0,
            BestMeanRecall = best ? metrics!.MeanRecall : _at.BestMeanRecall,
            BestEpoch = best ? _at.Epoch : _at.BestEpoch,
            SinceBest = best ? 0 : _at.SinceBest + (metrics is null ? 0 : 1),
        });
        _checkpoint.Save(_at);
        _lastCheckpoint = _clock.Seconds;
        DrawCurves();
        NativeAllocator.Trim();
        _progress?.Report(new()
        {
            Phase = TrainingPhase.EpochDone,
            Epoch = report.Epoch,
            Epochs = _options.Epochs,
            Loss = report.Loss,
            ImagesPerSecond = report.ImagesPerSecond,
            Elapsed = TimeSpan.FromSeconds(_clock.Seconds),
            Report = report,
        });
        return true;
    }

    // A loss can stay finite while what it is made of does not, and a network whose gradients are all zero learns nothing more.
    private void ThrowIfDiverged()
    {
        (string What, double Value)[] figures =
        [
            ("loss", _at.LossSum / _at.Batch), ("gradient's norm", _at.GradientNormSum / _at.Batch),
            ("learned temperature", _loss.Temperature ?? 0),
        ];
        foreach ((string what, double value) in figures)
        {
            if (!double.IsFinite(value))
            {
                throw new SwanTrainingException(
                    $"The {what} is {value} after epoch {_at.Epoch + 1} (step {_at.Step}), so training stopped. {WhatIsLeft()}");
            }
        }
        if (_at.GradientNormSum == 0)
        {
            Say($"All gradients of epoch {_at.Epoch + 1} were 0: the network no longer learns. Stop it, and train again with a lower "
                + "learning rate.");
        }
    }

    // After the checkpoint: what can't be drawn costs no epoch.
    private void DrawCurves()
    {
        string path = _run.In(SwanRun.CurvesFile);
        try
        {
            TrainingCurves.Write(_reports, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or TypeInitializationException)
        {
            Say($"'{path}' can't be drawn: {(e.InnerException ?? e).Message} Training goes on without it.");
        }
    }

    private void Resume()
    {
        _at = _checkpoint.Load();
        _lastCheckpoint = _at.Seconds;
        // A run killed between its metrics and its checkpoint has learned an epoch that it learns again.
        _reports.AddRange(_run.ReadMetrics().Where(r => r.Epoch < _at.Epoch));
        Say($"Resuming in epoch {_at.Epoch + 1} after step {_at.Step}.");
    }

    private void KeepWeights()
    {
        _average?.Swap();
        NetworkState.Save(_network, _run.BestWeights);
        _average?.Swap();
    }

    private TrainingResult Result(StopReason end)
    {
        // Stopped before the first validation: what has been learned so far is all there is.
        if (!File.Exists(_run.BestWeights)) KeepWeights();
        return new TrainingResult(_run, end, _at.BestEpoch, _reports.LastOrDefault(r => r.Best)?.Validation, _reports);
    }

    private PixelCache Decode(CaptionedImageSet set, int size, long memory) => PixelCache.Build(
        set.Images, size, memory, _options.Threads,
        _progress is null ? null : new Relay<int>(done => _progress.Report(new()
        {
            Phase = TrainingPhase.Preparing,
            Epochs = _options.Epochs,
            Step = done,
            Steps = set.Images.Count,
        })), cancellationToken: _cancellation);

    private void Report(double loss)
    {
        if (_progress is null) return;
        int epochsLeft = _options.Epochs - _at.Epoch;
        _progress.Report(new()
        {
            Phase = TrainingPhase.Training,
            Epoch = _at.Epoch,
            Epochs = _options.Epochs,
            Step = _at.Batch,
            Steps = _loader.BatchesPerEpoch,
            Loss = loss,
            LearningRate = _options.LearningRate * _at.Factor,
            ImagesPerSecond = _at.Batch * _loader.BatchSize / Math.Max(_clock.LearnSeconds, 1e-9),
            Elapsed = TimeSpan.FromSeconds(_clock.Seconds),
            Remaining = _clock.Remaining(_at.Batch, (long)epochsLeft * _loader.BatchesPerEpoch - _at.Batch,
                (epochsLeft + _options.ValidateEvery - 1) / _options.ValidateEvery, Limit),
        });
    }

    private void Say(string message) =>
        _progress?.Report(new() { Phase = TrainingPhase.Preparing, Epochs = _options.Epochs, Message = message });

    /// <summary>Unlike <see cref="Progress{T}"/> it passes reports on at once and in order.</summary>
    private sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
