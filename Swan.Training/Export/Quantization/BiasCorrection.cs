namespace Swan.Training.Export;

/// <summary>Bias correction: what rounded weights add to a layer's results on average, which its bias takes away.</summary>
/// <remarks>
/// Rounding errors of a channel's weights don't cancel out, because rectified values are at least 0: their means times the errors stay.
/// They are largest in depthwise kernels, which have nine weights.
/// </remarks>
internal static class BiasCorrection
{
    /// <summary>The mean excess of each output channel of a convolution.</summary>
    /// <param name="weights">Row-major, outputs × inputs of a group × kernel.</param>
    /// <param name="rounded">The same weights, rounded.</param>
    /// <param name="inputsOfGroup">The second side.</param>
    /// <param name="means">Of the input channels.</param>
    public static double[] OfKernels(ReadOnlySpan<float> weights, Int8Channels rounded, int inputsOfGroup, float[] means)
    {
        int outputs = rounded.Scales.Length, inner = weights.Length / outputs, kernel = inner / inputsOfGroup;
        int outputsOfGroup = outputs / (means.Length / inputsOfGroup);
        var excess = new double[outputs];
        for (int output = 0; output < outputs; output++)
        {
            int firstInput = output / outputsOfGroup * inputsOfGroup;
            for (int i = 0; i < inner; i++)
                excess[output] += Error(weights, rounded, output * inner + i, output) * means[firstInput + i / kernel];
        }
        return excess;
    }

    private static double Error(ReadOnlySpan<float> weights, Int8Channels rounded, int at, int channel) =>
        rounded.Values[at] * (double)rounded.Scales[channel] - weights[at];
}
