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

    /// <summary>An epoch is over; <see cref="TrainingProgress.Report"/> has its results.</summary>
    EpochDone,
}
