namespace Swan.MLNet.Search;

/// <summary>One result of a search, with its probability.</summary>
/// <remarks>Its probability is not above <see cref="SwanAnswer.ProbabilityOfAny"/>.</remarks>
/// <param name="Key">The row's key.</param>
/// <param name="Row">The row's number in the index, from 0.</param>
/// <param name="Score">As in <see cref="SwanHit"/>.</param>
/// <param name="Probability">The probability that the image shows what the query names, in [0, 1]; null without a calibration.</param>
public readonly record struct SwanAnswerHit(string Key, int Row, float Score, double? Probability);
