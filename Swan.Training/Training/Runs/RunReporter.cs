using Swan.Training.DataLoading;

namespace Swan.Training;

/// <summary>Reports the progress of a run.</summary>
/// <param name="progress">Receives the reports; null for none.</param>
/// <param name="options">The run's.</param>
/// <param name="clock">The run's.</param>
internal sealed class RunReporter(IProgress<TrainingProgress>? progress, SwanTrainerOptions options, RunClock clock)
{
    /// <summary>Says a sentence.</summary>
    public void Say(string message) =>
        progress?.Report(new() { Phase = TrainingPhase.Preparing, Epochs = options.Epochs, Message = message });

    /// <summary>Passes on how many images are decoded; null where nobody wants to know.</summary>
    /// <param name="images">Of how many.</param>
    public IProgress<int>? Decoding(int images) => progress is null ? null : new Relay<int>(done => progress.Report(new()
    {
        Phase = TrainingPhase.Preparing,
        Epochs = options.Epochs,
        Step = done,
        Steps = images,
    }));

    /// <summary>Images a second over the epoch's steps so far.</summary>
    public double ImagesPerSecond(TrainingPosition at, BatchLoader loader) =>
        at.Batch * loader.BatchSize / Math.Max(clock.LearnSeconds, 1e-9);

    /// <summary>Tells of a step.</summary>
    /// <param name="at">Where the run stands after it.</param>
    /// <param name="loss">The last that is known; NaN where none is.</param>
    /// <param name="loader">The run's.</param>
    public void Step(TrainingPosition at, double loss, BatchLoader loader)
    {
        if (progress is null) return;
        int epochsLeft = options.Epochs - at.Epoch, steps = loader.BatchesPerEpoch;
        progress.Report(new()
        {
            Phase = TrainingPhase.Training,
            Epoch = at.Epoch,
            Epochs = options.Epochs,
            Step = at.Batch,
            Steps = steps,
            Loss = loss,
            LearningRate = options.LearningRate * at.Factor,
            ImagesPerSecond = ImagesPerSecond(at, loader),
            Elapsed = TimeSpan.FromSeconds(clock.Seconds),
            Remaining = clock.Remaining(at.Batch, (long)epochsLeft * steps - at.Batch,
                (epochsLeft + options.ValidateEvery - 1) / options.ValidateEvery),
        });
    }

    /// <summary>Tells that an epoch is being validated.</summary>
    public void Validating(int epoch) => progress?.Report(new()
    {
        Phase = TrainingPhase.Validating,
        Epoch = epoch,
        Epochs = options.Epochs,
        Elapsed = TimeSpan.FromSeconds(clock.Seconds),
    });

    /// <summary>Tells of an epoch that is done.</summary>
    public void Epoch(EpochReport report) => progress?.Report(new()
    {
        Phase = TrainingPhase.EpochDone,
        Epoch = report.Epoch,
        Epochs = options.Epochs,
        Loss = report.Loss,
        ImagesPerSecond = report.ImagesPerSecond,
        Elapsed = TimeSpan.FromSeconds(clock.Seconds),
        Report = report,
    });

    /// <summary>Unlike <see cref="Progress{T}"/> it passes reports on at once and in order.</summary>
    private sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
