namespace Swan.Training.Onnx;

/// <summary>A factor and an addend for each channel.</summary>
internal sealed record ChannelScale(double[] Scale, double[] Shift);
