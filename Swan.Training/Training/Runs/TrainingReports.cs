using System.Text.Json.Serialization;
using Swan.MLNet.Evaluation;

namespace Swan.Training;

/// <summary>What a training run is doing.</summary>
public enum TrainingPhase
{
    /// <summary>Decoding images, building the vocabulary and the network.</summary>
    Preparing,

    /// <summary>Learning.</summary>
    Training,

    /// <summary>Measuring mR on the validation images.</summary>
    Validating,

    /// <summary>An epoch is over; <see cref="TrainingProgress.Report"/> tells how it went.</summary>
    EpochDone,
}

/// <summary>A moment of a training run. Numbers that don't apply to the phase are 0.</summary>
public sealed record TrainingProgress
{
    /// <summary>What the run is doing.</summary>
    public required TrainingPhase Phase { get; init; }

    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; init; }

    /// <summary>Epochs of the run.</summary>
    public int Epochs { get; init; }

    /// <summary>Steps done of the epoch; images done while preparing.</summary>
    public int Step { get; init; }

    /// <summary>Steps of an epoch; all images while preparing.</summary>
    public int Steps { get; init; }

    /// <summary>The last step's loss.</summary>
    public double Loss { get; init; }

    /// <summary>Pairs learned a second, over the epoch so far.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>The learning rate of the last step (the backbone's own aside).</summary>
    public double LearningRate { get; init; }

    /// <summary>Time since training began, over all resumed parts.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The time that is left, estimated; null while there is nothing to estimate from.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>The epoch's report, in <see cref="TrainingPhase.EpochDone"/>.</summary>
    public EpochReport? Report { get; init; }

    /// <summary>Something that a person should read once, such as which device was taken and why.</summary>
    public string? Message { get; init; }
}

/// <summary>How an epoch went: one line of <c>metrics.jsonl</c>.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Step">Steps of the run so far.</param>
/// <param name="Loss">Mean training loss of the epoch.</param>
/// <param name="LearningRate">At the epoch's last step.</param>
/// <param name="GradientNorm">Mean L2 norm over the epoch's steps, before clipping.</param>
/// <param name="Temperature">InfoNCE's learned temperature; null for other losses.</param>
/// <param name="ImagesPerSecond">Pairs learned a second, validation aside.</param>
/// <param name="Seconds">Time since training began, over all resumed parts.</param>
/// <param name="Validation">The validation metrics; null where the epoch wasn't validated.</param>
/// <param name="Best">Whether mR is the highest so far.</param>
/// <param name="Complete">False for an epoch that a limit or a person cut short.</param>
public sealed record EpochReport(
    int Epoch, long Step, double Loss, double LearningRate, double GradientNorm, double? Temperature, double ImagesPerSecond, double Seconds,
    RetrievalMetrics? Validation, bool Best, bool Complete);

/// <summary>Why a run ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopReason>))]
public enum StopReason
{
    /// <summary>All epochs are done.</summary>
    MaxEpochs,

    /// <summary><see cref="SwanTrainerOptions.Minutes"/> have passed.</summary>
    TimeLimit,

    /// <summary>mR hasn't risen for <see cref="SwanTrainerOptions.Patience"/> validations.</summary>
    EarlyStopping,

    /// <summary>The cancellation token asked for it.</summary>
    Cancelled,
}

/// <summary>What a training run leaves behind.</summary>
/// <param name="Run">The run's folder, from which the best network can be loaded and exported.</param>
/// <param name="End">Why training ended.</param>
/// <param name="BestEpoch">The epoch of the best mR, from 0; −1 when the run was cancelled before its first validation or has none: then the last weights are kept.</param>
/// <param name="Best">The best epoch's metrics; null when there are none.</param>
/// <param name="Epochs">Every epoch's report, resumed parts included.</param>
public sealed record TrainingResult(SwanRun Run, StopReason End, int BestEpoch, RetrievalMetrics? Best, IReadOnlyList<EpochReport> Epochs);
