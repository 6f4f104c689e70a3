namespace Swan.Training.Export;

/// <summary>What calibration found of a value.</summary>
/// <param name="Least">The least that it held.</param>
/// <param name="Largest">The largest.</param>
/// <param name="Sides">How many sides it has.</param>
/// <param name="Means">Of each channel, over all images and pixels; only of what convolutions read.</param>
internal readonly record struct Activation(float Least, float Largest, int Sides, float[] Means);
