namespace Swan.Training;

/// <summary>A moment of a training run.</summary>
/// <remarks>Numbers that don't apply to the phase are 0.</remarks>
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

    /// <summary>The last known loss; NaN while none is known.</summary>
    /// <remarks>
    /// On a CPU that is the last step's, on a GPU that of a step up to 15 steps ago. The epoch's mean in
    /// <see cref="TrainingPhase.EpochDone"/>.
    /// </remarks>
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
