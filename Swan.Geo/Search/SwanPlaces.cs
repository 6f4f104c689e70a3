using Swan.Geo.Places;
using Swan.MLNet.Calibration;

namespace Swan.Geo.Search;

/// <summary>The results of a search of scenes.</summary>
public sealed record SwanPlaces
{
    /// <summary>The places, best first; of overlapping windows, the best one; empty if no window passes the options.</summary>
    public required IReadOnlyList<Place> Places { get; init; }

    /// <summary>The probability that any window fits, 0 to 1; null unless a minimum probability was given.</summary>
    /// <remarks>By a calibration that is fitted on whole images; over the windows of scenes it is too low for rare things.</remarks>
    public double? ProbabilityOfAny { get; init; }

    /// <summary>Whether the model understands the text; null for other queries.</summary>
    public SwanTextVerdict? Text { get; init; }
}
