using Swan.Geo.Places;
using Swan.MLNet.Calibration;

namespace Swan.Geo.Search;

/// <summary>The results of a search of scenes.</summary>
public sealed record SwanPlaces
{
    /// <summary>The places, best first; of overlapping windows, the best one.</summary>
    public required IReadOnlyList<Place> Places { get; init; }

    /// <summary>The probability that any window fits, 0 to 1; null without a calibration.</summary>
    public double? ProbabilityOfAny { get; init; }

    /// <summary>The probability below which the model reports "nothing found"; null without a calibration.</summary>
    public double? DefaultMinProbability { get; init; }

    /// <summary>Whether the model understands the text; null for other queries.</summary>
    public SwanTextVerdict? Text { get; init; }

    /// <summary>Whether to report "nothing found": there is no place, or its probability is below the calibration's default.</summary>
    public bool IsNothing => Places.Count == 0 || ProbabilityOfAny < DefaultMinProbability;
}
