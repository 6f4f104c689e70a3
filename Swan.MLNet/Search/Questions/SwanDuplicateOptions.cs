using Swan.MLNet.Metadata;

namespace Swan.MLNet.Search;

/// <summary>What <see cref="SwanGallery.FindDuplicates"/> takes for near-duplicates.</summary>
/// <remarks>Not thread-safe while it is changed; a search reads it once, at its beginning.</remarks>
public sealed class SwanDuplicateOptions
{
    /// <summary>The default of <see cref="MinimumScore"/>.</summary>
    public const float DefaultMinimumScore = 0.99f;

    /// <summary>The lowest score of a pair, over -1 and at most 1. Default 0.99.</summary>
    /// <remarks>
    /// It is compared with scores as <see cref="SwanHit.Score"/> has them, and depends on the model: look at pairs around it before
    /// anything is deleted. The default was measured with a normalized model (D = 257), whose images share a constant value, so that their
    /// score is 0.2 + 0.8 × the cosine of what they show. For a model without it, whose scores are cosines, the same limit is
    /// 1.25 × 0.99 − 0.25 = 0.9875.
    /// </remarks>
    public float MinimumScore { get; set; } = DefaultMinimumScore;

    /// <summary>Which rows are compared, by their columns. Default null: all.</summary>
    public SwanFilter? Filter { get; set; }

    /// <summary>Pairs that are kept at most, 1 to 100,000,000; more are an error. Default 1,000,000.</summary>
    public int MaxPairs { get; set; } = 1_000_000;

    /// <summary>Threads that search, at most. Default 0: as many as processors are free.</summary>
    public int Threads { get; set; }

    internal SwanDuplicateOptions Copy() => (SwanDuplicateOptions)MemberwiseClone();

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check()
    {
        var faults = new List<string>();
        if (!(MinimumScore is > -1 and <= 1)) faults.Add($"{nameof(MinimumScore)} is {MinimumScore}; expected over -1 and at most 1");
        if (MaxPairs is < 1 or > 100_000_000) faults.Add($"{nameof(MaxPairs)} is {MaxPairs}; expected 1 to 100000000");
        if (Threads < 0) faults.Add($"{nameof(Threads)} is {Threads}; expected at least 0");
        if (faults.Count > 0)
            throw new ArgumentOutOfRangeException("options", $"The options for duplicates are not valid: {string.Join("; ", faults)}.");
    }
}
