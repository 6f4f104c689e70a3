namespace Swan.Training.Evaluation;

/// <summary>Predictions in one tenth of the probability range, with their outcomes.</summary>
/// <param name="Count">How many predictions.</param>
/// <param name="Predicted">Their mean.</param>
/// <param name="Observed">The share of them that were right.</param>
public sealed record SwanReliabilityBin(int Count, double Predicted, double Observed);
