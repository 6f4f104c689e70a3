namespace Swan.Training.Export;

/// <summary>Weights as int8: <c>Values[i] * Scales[channel]</c> is near the weight.</summary>
/// <param name="Values">In the weights' order.</param>
/// <param name="Scales">One for each channel, above 0.</param>
internal sealed record Int8Channels(sbyte[] Values, float[] Scales)
{
    // Down to half of the largest weight; the error of more clipping than that only grows.
    private const int Clippings = 25;
    private const double ClippingStep = 0.02;
    private const int Largest = sbyte.MaxValue; // and −127: as many steps below 0 as above

    /// <summary>Rounds each channel with the scale that makes its squared error small.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="columns">Channels are columns, <c>values[i * channels + channel]</c>; otherwise rows.</param>
    public static Int8Channels Round(ReadOnlySpan<float> values, int channels, bool columns)
    {
        int inner = values.Length / channels, step = columns ? channels : 1;
        var rounded = new sbyte[values.Length];
        var scales = new float[channels];
        var weights = new float[inner];
        for (int c = 0; c < channels; c++)
        {
            int first = columns ? c : c * inner;
            for (int i = 0; i < inner; i++) weights[i] = values[first + i * step];
            float scale = scales[c] = Scale(weights);
            for (int i = 0; i < inner; i++) rounded[first + i * step] = (sbyte)Nearest(weights[i], 1 / scale);
        }
        return new(rounded, scales);
    }

    // A few outliers may be clipped, if all others are rounded more finely for it. For given integers the best scale is a quotient of sums.
    private static float Scale(float[] weights)
    {
        float peak = 0;
        foreach (float w in weights) peak = Math.Max(peak, Math.Abs(w));
        if (peak == 0) return 1;
        (double least, float best) = (double.PositiveInfinity, peak / Largest);
        for (int clipping = 0; clipping <= Clippings; clipping++)
        {
            float inverse = (float)(Largest / (peak * (1 - clipping * ClippingStep)));
            double product = 0, squares = 0;
            foreach (float w in weights)
            {
                float q = Nearest(w, inverse);
                product += q * w;
                squares += q * q;
            }
            float scale = (float)(product / squares);
            double error = Error(weights, scale);
            if (error < least) (least, best) = (error, scale);
        }
        return best;
    }

    private static double Error(float[] weights, float scale)
    {
        double error = 0;
        float inverse = 1 / scale;
        foreach (float w in weights)
        {
            float difference = w - Nearest(w, inverse) * scale;
            error += difference * difference;
        }
        return error;
    }

    private static float Nearest(float weight, float inverse) => Math.Clamp(MathF.Round(weight * inverse), -Largest, Largest);
}
