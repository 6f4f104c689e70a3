using System.Runtime.InteropServices;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Imaging;
using Swan.Training.DataLoading;
using Swan.Training.Native;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>
/// One run of <see cref="SwanTrainer"/>, from its first or its resumed step to its end: read <see cref="Run"/> top to bottom.
/// </summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly SwanRun _run;
    private readonly SwanTrainerOptions _options;
    private readonly CaptionedImageSet _train;
    private readonly Device _device;
    private readonly RunReporter _reporter;
    private readonly CancellationToken _cancellation;
    private readonly RunMaterial _material;
    private readonly TrainingStep _step;
    private readonly StepFaults _faults;
    private readonly LearningRateSchedule _schedule;
    private readonly TrainingCheckpoint _checkpoint;
    private readonly RunClock _clock;
    private readonly List<EpochReport> _reports = [];
    private readonly int _stepsAReading;
    private TrainingPosition _at = TrainingPosition.Start;
    private double _lastCheckpoint, _lastLoss = double.NaN;
    private TeacherEmbeddings? _teachers;

    public TrainingSession(
        SwanRun run, SwanNetwork network, CaptionedImageSet train, CaptionedImageSet? validation, Device device,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation, int? stepsAReading = null, TimeProvider? time = null)
    {
        (_run, _options, _train, _device, _cancellation) = (run, run.Options, train, device, cancellation);
        // A CPU has computed a step when it is taken. A GPU queues steps: reading one loss waits for all steps so far.
        _stepsAReading = stepsAReading ?? (device.type == TorchSharp.DeviceType.CPU ? 1 : 16);
        _clock = new RunClock(60 * _options.Minutes ?? double.PositiveInfinity, time);
        _reporter = new RunReporter(progress, _options, _clock);
        _material = new RunMaterial(run, train, validation, device, _reporter, cancellation);
        try
        {
            TrainingObjective objective = TrainingObjective.Create(_options, _material.Scenes);
            _step = new TrainingStep(
                _options, network, objective, _material.Normalization, _material.SceneIds, device, _material.OnDevice);
            _faults = new StepFaults(run, train, validated: validation is not null);
            _schedule = new LearningRateSchedule(_options.Schedule, _options.Epochs, _options.WarmUpEpochs);
            _checkpoint = new TrainingCheckpoint(run, _step);
            _reporter.Say(
                $"{train.Images.Count} training and {validation?.Images.Count ?? 0} validation images, {run.Tokenizer.VocabularySize} "
                + $"token ids, {_step.Optimizer.ParameterCount:N0} of {network.parameters().Sum(p => p.numel()):N0} parameters learn, "
                + $"{_material.Loader.BatchesPerEpoch} steps an epoch.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Which images are learned from, in order.</summary>
    public IReadOnlyList<ImageIdentity> LearnedImages => _material.LearnedImages;

    /// <summary>Which images mR is measured on, in order; null where nothing is.</summary>
    public IReadOnlyList<ImageIdentity>? MeasuredImages => _material.MeasuredImages;

    /// <summary>Who augments the images, in words.</summary>
    public string AugmentedBy => _material.OnDevice is null ? "the loader" : "the GPU";

    // TorchSharp's CUDA doesn't bring ONNX Runtime's along.
    private SwanDevice TeacherDevice => _device.type == TorchSharp.DeviceType.CPU ? SwanDevice.Cpu : SwanDevice.Auto;

    public TrainingResult Run(bool resume)
    {
        if (resume) Resume();
        if (_options.Teachers is { Count: > 0 } teachers && Ended() is null)
            _teachers = TeacherEmbeddings.Ask(teachers, _train, TeacherDevice, _options.Threads, _reporter.Say, _cancellation);
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

    // The step is null when the constructor has failed.
    public void Dispose()
    {
        _step?.Dispose();
        _material.Dispose();
    }

    private StopReason? Ended()
    {
        if (_at.Epoch >= _options.Epochs) return _reports is [.., { Complete: false }] ? StopReason.TimeLimit : StopReason.MaxEpochs;
        if (_options.Patience > 0 && _at.SinceBest >= _options.Patience) return StopReason.EarlyStopping;
        // If the limit is reached after the last epoch was closed without validation, one step and its validation are still to do.
        bool unvalidated = _material.Validation is not null && _reports is [.., { Validation: null }];
        return _at is { Step: > 0, Batch: 0 } && !unvalidated && _clock.IsOver ? StopReason.TimeLimit : null;
    }

    /// <summary>Takes the epoch's remaining steps, or fewer when the time is over or a person stops the run.</summary>
    private void LearnEpoch()
    {
        if (_cancellation.IsCancellationRequested || (_at.Batch > 0 && _clock.IsOver)) return;
        _step.Network.train();
        using IDisposable learning = _clock.Learn();
        foreach (TrainingBatch batch in _material.Loader.Epoch(_at.Epoch, _at.Batch, CancellationToken.None))
        {
            using (batch)
            {
                double factor = _schedule.Factor(_at.Epoch, batch.Index, _material.Loader.BatchesPerEpoch, _clock.Share);
                TakeStep(batch, factor);
                _reporter.Step(_at, _lastLoss, _material.Loader);
            }

            if (_cancellation.IsCancellationRequested || _clock.IsOver) break;
            if (_clock.Seconds - _lastCheckpoint >= 60 * _options.CheckpointMinutes && _at.Batch < _material.Loader.BatchesPerEpoch)
            {
                Settle();
                _checkpoint.Save(_clock.Stamp(_at));
                _lastCheckpoint = _clock.Seconds;
            }
        }
        Settle();
    }

    private void TakeStep(TrainingBatch batch, double factor)
    {
        OnDevice(batch.Index, () =>
        {
            _step.Take(batch, factor, _at.Step + 1, _teachers);
            _at = _at with { Batch = batch.Index + 1, Step = _at.Step + 1, Factor = factor };
            Book(_stepsAReading);
        });
    }

    // What a GPU could not compute may show only when something waits for it.
    private void OnDevice(int batch, Action work)
    {
        try
        {
            work();
        }
        catch (ExternalException e)
        {
            throw _faults.Failed(e, _at.Epoch, batch, _material.Loader.BatchSize, $"{_device}");
        }
    }

    // Adds up what steps gave, once there are so many.
    private void Book(int atLeast)
    {
        foreach (StepOutcome outcome in _step.Outcomes(atLeast))
        {
            if (!outcome.IsFinite) throw _faults.NotANumber(outcome);
            _lastLoss = outcome.Loss;
            _at = _at with { LossSum = _at.LossSum + outcome.Loss, GradientNormSum = _at.GradientNormSum + outcome.GradientNorm };
        }
    }

    // Before anything is kept: no step is under way, and what would be kept are numbers.
    private void Settle()
    {
        bool finite = false;
        OnDevice(Math.Max(0, _at.Batch - 1), () =>
        {
            Book(atLeast: 1);
            finite = _step.IsFinite();
        });
        if (!finite) throw _faults.WeightsAreNotNumbers(null, _at.Epoch, _at.Step);
    }

    /// <summary>Validates, keeps the network if it is the best, and reports. False when the validation was canceled.</summary>
    private bool CloseEpoch()
    {
        bool complete = _at.Batch == _material.Loader.BatchesPerEpoch, best = false;
        ThrowIfDiverged();
        RetrievalMetrics? metrics = null;
        if (_material.Validation is null) KeepWeights();
        else if (!complete || _clock.IsOver || _at.Epoch + 1 == _options.Epochs || (_at.Epoch + 1) % _options.ValidateEvery == 0)
        {
            _reporter.Validating(_at.Epoch);
            using IDisposable average = _step.UseAverage();
            try
            {
                metrics = _clock.Validate(() => _material.Validation.Measure(_step.Network, _cancellation));
                best = metrics.MeanRecall > _at.BestMeanRecall;
                if (best) NetworkState.Save(_step.Network, _run.BestWeights);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            catch (SwanTrainingException e)
            {
                throw _faults.WeightsAreNotNumbers(e.Message, _at.Epoch, _at.Step, e);
            }
        }

        var report = new EpochReport(
            _at.Epoch, _at.Step, _at.LossSum / _at.Batch, _options.LearningRate * _at.Factor, _at.GradientNormSum / _at.Batch,
            _step.Objective.Temperature, _reporter.ImagesPerSecond(_at, _material.Loader), _clock.Seconds, metrics, best, complete);
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
        // After the checkpoint: what can't be drawn costs no epoch.
        TrainingCurves.TryWrite(_reports, _run.In(SwanRun.CurvesFile), _reporter.Say);
        NativeAllocator.Trim();
        _reporter.Epoch(report);
        return true;
    }

    // A loss can stay finite while what it is made of does not, and a network whose gradients are all zero learns nothing more.
    private void ThrowIfDiverged()
    {
        if (_step.Objective.Temperature is { } temperature && !double.IsFinite(temperature))
            throw _faults.WeightsAreNotNumbers($"The learned temperature is {temperature}", _at.Epoch, _at.Step);
        if (_at.GradientNormSum == 0)
        {
            _reporter.Say($"All gradients of epoch {_at.Epoch + 1} were 0: the network no longer learns. Stop the run, and train again "
                + "with a lower learning rate.");
        }
    }

    private void Resume()
    {
        _at = _checkpoint.Load();
        _lastCheckpoint = _at.Seconds;
        // A run killed between its metrics and its checkpoint has learned an epoch that it learns again.
        _reports.AddRange(_run.ReadMetrics().Where(r => r.Epoch < _at.Epoch));
        _reporter.Say($"Resuming in epoch {_at.Epoch + 1} after step {_at.Step}.");
    }

    private void KeepWeights()
    {
        using IDisposable average = _step.UseAverage();
        NetworkState.Save(_step.Network, _run.BestWeights);
    }

    private TrainingResult Result(StopReason end)
    {
        // Stopped before the first validation: what has been learned so far is all there is.
        if (!File.Exists(_run.BestWeights)) KeepWeights();
        return new TrainingResult(_run, end, _at.BestEpoch, _reports.LastOrDefault(r => r.Best)?.Validation, _reports);
    }
}
