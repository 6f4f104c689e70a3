using Swan.MLNet.Metadata;

namespace Swan.MLNet.Search;

/// <summary>Options of <see cref="SwanGallery.FindDuplicates"/>.</summary>
/// <remarks>Not thread-safe while it is changed; a search reads it once, at its beginning.</remarks>
public sealed class SwanDuplicateOptions
{
    /// <summary>The default of <see cref="MinimumScore"/>.</summary>
    public const float DefaultMinimumScore = 0.99f;

    /// <summary>The lowest score of a pair, over -1 and at most 1 (default 0.99).</summary>
    /// <remarks>
    /// It has the scale of <see cref="SwanHit.Score"/> and depends on the model: look at pairs near it before you delete anything. The
    /// default was measured with a model whose scores are plain cosines. None of 44,850 pairs of different images scored that high
    /// (docs/results/duplicates.md). Images of a normalized model (D = 257) share a constant value, so they score 0.2 + 0.8 × that cosine,
    /// and 0.992 is the same limit there.
    /// </remarks>
    public float MinimumScore { get; set; } = DefaultMinimumScore;

    /// <summary>Which rows are compared, by their columns (default null: all).</summary>
    public SwanFilter? Filter { get; set; }

    /// <summary>The most pairs to keep, 1 to 100,000,000; more are an error (default 1,000,000).</summary>
    public int MaxPairs { get; set; } = 1_000_000;

    /// <summary>The most threads that search (default 0: as many as processors are free).</summary>
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
