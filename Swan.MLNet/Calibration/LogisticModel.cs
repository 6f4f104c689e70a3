namespace Swan.MLNet.Calibration;

/// <summary>Logistic regression over a few features: 1 / (1 + exp(−(bias + Σ weight · feature))). Immutable.</summary>
/// <param name="Bias">What it says where all features are 0.</param>
/// <param name="Weights">One for each feature.</param>
internal sealed record LogisticModel(double Bias, IReadOnlyList<double> Weights)
{
    /// <summary>In (0, 1).</summary>
    /// <param name="features">As many as there are weights.</param>
    public double Probability(ReadOnlySpan<double> features)
    {
        double sum = Bias;
        for (int i = 0; i < features.Length; i++) sum += Weights[i] * features[i];
        return 1 / (1 + Math.Exp(-Math.Clamp(sum, -30, 30)));
    }
}
