namespace Swan.Training.Export;

/// <summary>What calibration found of a value.</summary>
/// <param name="Least">The least that it held.</param>
/// <param name="Largest">The largest.</param>
/// <param name="Sides">How many sides it has.</param>
internal readonly record struct Activation(float Least, float Largest, int Sides)
{
    /// <summary>Nothing found yet.</summary>
    public static Activation None { get; } = new(float.PositiveInfinity, float.NegativeInfinity, 0);
}
