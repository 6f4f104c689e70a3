namespace Swan.Training.DataLoading;

/// <summary>How a <see cref="BatchLoader"/> makes its batches.</summary>
internal sealed record BatchLoaderOptions
{
    /// <summary>Images of a batch, each with its captions. Default 100.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>
    /// How many of its captions an image comes with; above 1 only with <see cref="PairsPerEpoch.OneCaptionPerImage"/>. Default 1.
    /// </summary>
    public int CaptionsPerImage { get; init; } = 1;

    /// <summary>Default <see cref="PairsPerEpoch.AllCaptions"/>.</summary>
    public PairsPerEpoch Pairs { get; init; } = PairsPerEpoch.AllCaptions;

    /// <summary>Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>How many threads augment; 0, the default, for one a core.</summary>
    public int Threads { get; init; }

    /// <summary>Batches say how to augment (<see cref="TrainingBatch.Draws"/>), and have no pixels. Default false.</summary>
    public bool OnDevice { get; init; }

    /// <summary>How many finished batches wait for the training step. Default 3.</summary>
    public int Ahead { get; init; } = 3;
}
