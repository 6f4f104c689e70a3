namespace Swan.Training.DataLoading;

/// <summary>How a <see cref="BatchLoader"/> makes its batches.</summary>
internal sealed record BatchLoaderOptions
{
    /// <summary>Pairs of a batch. Default 100.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Default <see cref="PairsPerEpoch.AllCaptions"/>.</summary>
    public PairsPerEpoch Pairs { get; init; } = PairsPerEpoch.AllCaptions;

    /// <summary>Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>How many threads augment; 0, the default, for one a core.</summary>
    public int Threads { get; init; }

    /// <summary>How many finished batches wait for the training step. Default 3.</summary>
    public int Ahead { get; init; } = 3;
}
