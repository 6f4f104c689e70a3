using Swan.MLNet.Calibration;

namespace Swan.MLNet.Search;

/// <summary>The hits of a search, and how likely they answer the query.</summary>
/// <remarks>It hides no hits: the caller decides what to show.</remarks>
/// <example>
/// <code>
/// SwanAnswer answer = index.AnswerCaption(model, "planes parked beside a terminal", k: 5);
/// if (answer.IsNothing()) Console.WriteLine("nothing found");
/// else foreach (SwanAnswerHit hit in answer.Hits) Console.WriteLine($"{hit.Probability:P0} {hit.Key}");
/// </code>
/// </example>
/// <param name="Hits">The best hits by falling score, as <see cref="SwanGallery.Search(ReadOnlySpan{float}, int)"/> gives them.</param>
/// <param name="ProbabilityOfAny">
/// The probability that any image of the gallery shows what the query names, in [0, 1]; null without a calibration.
/// </param>
/// <param name="DefaultMinProbability">The limit that <see cref="IsNothing()"/> uses; null without a calibration.</param>
/// <param name="Text">Whether the query is English with known words; null without a calibration.</param>
public sealed record SwanAnswer(
    IReadOnlyList<SwanAnswerHit> Hits, double? ProbabilityOfAny, double? DefaultMinProbability, SwanTextVerdict? Text)
{
    /// <summary>Whether to report "nothing found": there are no hits, or a right one is less likely than the calibration's
    /// default.</summary>
    public bool IsNothing() => IsNothing(DefaultMinProbability ?? 0);

    /// <summary>Whether to report "nothing found" with another limit.</summary>
    /// <param name="minProbability">The lowest <see cref="ProbabilityOfAny"/> of an answer, 0 to 1. With 0, every hit is an answer.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not in [0, 1].</exception>
    public bool IsNothing(double minProbability)
    {
        if (!(minProbability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(minProbability), minProbability, $"The minimum probability is {minProbability}; expected 0 to 1.");
        }
        return Hits.Count == 0 || ProbabilityOfAny < minProbability;
    }
}
