using Swan.MLNet.Metadata;

namespace Swan.MLNet.Search;

/// <summary>Options for searching a <see cref="SwanGallery"/>.</summary>
/// <remarks>Not thread-safe while it is changed; a search reads it once, at its beginning.</remarks>
public sealed class SwanGallerySearchOptions
{
    /// <summary>The number of results, at least 1.</summary>
    /// <remarks>Default 10; <see cref="int.MaxValue"/>: all that can be found.</remarks>
    public int K { get; set; } = 10;

    /// <summary>The number of best results to skip: 20 and <see cref="K"/> 10 give the third page of ten (default 0).</summary>
    /// <remarks>
    /// Pages are consistent while the gallery stays the same: get all pages of a living gallery from one snapshot. A page takes as long as
    /// all results up to its end.
    /// </remarks>
    public int Skip { get; set; }

    /// <summary>The lowest score of a result, such as 0.5 (default null: any).</summary>
    public float? MinimumScore { get; set; }

    /// <summary>Which rows may be found, by their columns (default null: all).</summary>
    public SwanFilter? Filter { get; set; }

    /// <summary>The most threads that search.</summary>
    /// <remarks>Default 0: as many as processors are free, and shared with other searches.</remarks>
    public int Threads { get; set; }

    internal SwanGallerySearchOptions Copy() => (SwanGallerySearchOptions)MemberwiseClone();

    /// <summary>What a search of a state has to find, those before the first page included.</summary>
    internal Wanted Wanted(GalleryView view, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int most = (int)Math.Min(int.MaxValue, (long)K + Skip);
        return new Wanted(most, MinimumScore ?? float.NegativeInfinity, view.Asked(Filter, cancellation));
    }

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check()
    {
        var faults = new List<string>();
        if (K < 1) faults.Add($"{nameof(K)} is {K}; expected at least 1");
        if (Skip < 0) faults.Add($"{nameof(Skip)} is {Skip}; expected at least 0");
        if (MinimumScore is { } score && !float.IsFinite(score))
            faults.Add($"{nameof(MinimumScore)} is {score}; expected a number, or null");
        if (Threads < 0) faults.Add($"{nameof(Threads)} is {Threads}; expected at least 0");
        if (faults.Count > 0)
            throw new ArgumentOutOfRangeException("options", $"The options of the search are not valid: {string.Join("; ", faults)}.");
    }
}
