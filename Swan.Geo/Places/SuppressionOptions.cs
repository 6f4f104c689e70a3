namespace Swan.Geo.Places;

/// <summary>What the area that two windows share is divided by.</summary>
internal enum OverlapMeasure
{
    /// <summary>The smaller window's area: a small window within a large one overlaps it wholly.</summary>
    Smaller,

    /// <summary>The area of both together (intersection over union).</summary>
    Union,
}

/// <summary>When one place suppresses another.</summary>
internal sealed record SuppressionOptions
{
    /// <summary>The largest overlap that two places may have, 0 to 1; with 1, none suppresses another.</summary>
    public double MaxOverlap { get; init; } = 0.3;

    /// <summary>How overlap is measured.</summary>
    public OverlapMeasure Measure { get; init; } = OverlapMeasure.Smaller;

    /// <summary>How many places are kept at most; null for all.</summary>
    public int? MaxPlaces { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is not valid; the message names all that are not.</exception>
    public void Check()
    {
        List<string> faults = [];
        if (!(MaxOverlap is >= 0 and <= 1)) faults.Add($"{nameof(MaxOverlap)} is {MaxOverlap}; expected a number from 0 to 1");
        if (!Enum.IsDefined(Measure)) faults.Add($"{nameof(Measure)} is {(int)Measure}; expected Smaller or Union");
        if (MaxPlaces < 1) faults.Add($"{nameof(MaxPlaces)} is {MaxPlaces}; expected at least 1, or null for all");
        if (faults.Count > 0)
            throw new ArgumentOutOfRangeException("options", $"The options of suppression are not valid: {string.Join("; ", faults)}.");
    }
}
