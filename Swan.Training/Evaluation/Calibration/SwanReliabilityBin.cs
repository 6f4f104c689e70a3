namespace Swan.Training.Evaluation;

/// <summary>The predictions of one tenth of the probabilities, beside what came true.</summary>
/// <param name="Count">How many predictions.</param>
/// <param name="Predicted">Their mean.</param>
/// <param name="Observed">The share of them that was right.</param>
public sealed record SwanReliabilityBin(int Count, double Predicted, double Observed);
