namespace Swan.Training.Onnx;

/// <summary>A factor and an addend for each channel.</summary>
/// <param name="Scale">The factors.</param>
/// <param name="Shift">The addends.</param>
/// <param name="Back">Makes what they came from add these and change nothing else; null where nobody will read them.</param>
internal sealed record ChannelScale(double[] Scale, double[] Shift, Action<double[]>? Back = null);
