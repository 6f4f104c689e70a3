namespace Swan.Training;

/// <summary>Progress of a training run.</summary>
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
    /// On a CPU, it is the last step's loss; on a GPU, that of a step up to 15 steps ago. In <see cref="TrainingPhase.EpochDone"/>, it is
    /// the epoch's mean.
    /// </remarks>
    public double Loss { get; init; }

    /// <summary>Pairs per second, over the epoch so far.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>The learning rate of the last step, without the backbone's own.</summary>
    public double LearningRate { get; init; }

    /// <summary>Time since training began, over all parts of a resumed run.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The estimated remaining time; null until it can be estimated.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>The epoch's report, in <see cref="TrainingPhase.EpochDone"/>.</summary>
    public EpochReport? Report { get; init; }

    /// <summary>A message to show a person once, such as the chosen device and the reason.</summary>
    public string? Message { get; init; }
}
