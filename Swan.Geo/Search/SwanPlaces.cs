using Swan.Geo.Places;
using Swan.MLNet.Calibration;

namespace Swan.Geo.Search;

/// <summary>What a search of scenes found.</summary>
public sealed record SwanPlaces
{
    /// <summary>The best first; of windows that overlap, the best one.</summary>
    public required IReadOnlyList<Place> Places { get; init; }

    /// <summary>How likely any window shows what was asked for, 0 to 1; null without a calibration.</summary>
    public double? ProbabilityOfAny { get; init; }

    /// <summary>Below it the model says "nothing found"; null without a calibration.</summary>
    public double? DefaultMinProbability { get; init; }

    /// <summary>Whether the text is one that the model understands; null for other questions.</summary>
    public SwanTextVerdict? Text { get; init; }

    /// <summary>Whether to say "nothing found": there is no place, or a right one is less likely than the calibration's default.</summary>
    public bool IsNothing => Places.Count == 0 || ProbabilityOfAny < DefaultMinProbability;
}
