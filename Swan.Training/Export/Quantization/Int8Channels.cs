namespace Swan.Training.Export;

/// <summary>Weights as int8: <c>Values[i] * Scales[channel]</c> is near the weight.</summary>
/// <param name="Values">In the weights' order.</param>
/// <param name="Scales">One for each channel, above 0.</param>
internal sealed record Int8Channels(sbyte[] Values, float[] Scales)
{
    // Down to half of the largest weight; the error of more clipping than that only grows.
    private const int Clippings = 25;
    private const double ClippingStep = 0.02;

    /// <summary>Rounds each channel with the scale that makes its squared error small.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="columns">Channels are columns, <c>values[i * channels + channel]</c>; otherwise rows.</param>
    /// <param name="largest">The largest integer, and the least with a minus: as many steps below 0 as above.</param>
    public static Int8Channels Round(ReadOnlySpan<float> values, int channels, bool columns, int largest = sbyte.MaxValue)
    {
        int inner = values.Length / channels, step = columns ? channels : 1;
        var rounded = new sbyte[values.Length];
        var scales = new float[channels];
        var weights = new float[inner];
        for (int c = 0; c < channels; c++)
        {
            int first = columns ? c : c * inner;
            for (int i = 0; i < inner; i++) weights[i] = values[first + i * step];
            float scale = scales[c] = Scale(weights, largest);
            for (int i = 0; i < inner; i++) rounded[first + i * step] = (sbyte)Nearest(weights[i], 1 / scale, largest);
        }
        return new(rounded, scales);
    }

    /// <summary>The same with larger steps for some channels, where another number needs them.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="columns">As they were rounded.</param>
    /// <param name="least">The least step of each channel.</param>
    /// <param name="largest">As they were rounded.</param>
    public Int8Channels WithStepsFor(ReadOnlySpan<float> values, bool columns, float[] least, int largest)
    {
        int channels = Scales.Length, inner = values.Length / channels, step = columns ? channels : 1;
        for (int c = 0; c < channels; c++)
        {
            if (Scales[c] >= least[c]) continue;
            Scales[c] = least[c];
            int first = columns ? c : c * inner;
            for (int i = 0; i < inner; i++)
                Values[first + i * step] = (sbyte)Nearest(values[first + i * step], 1 / least[c], largest);
        }
        return this;
    }

    // A few outliers may be clipped, if all others are rounded more finely for it. For given integers the best scale is a quotient of sums.
    private static float Scale(float[] weights, int largest)
    {
        float peak = 0;
        foreach (float w in weights) peak = Math.Max(peak, Math.Abs(w));
        if (peak == 0) return 1;
        (double least, float best) = (double.PositiveInfinity, peak / largest);
        for (int clipping = 0; clipping <= Clippings; clipping++)
        {
            float inverse = (float)(largest / (peak * (1 - clipping * ClippingStep)));
            double product = 0, squares = 0;
            foreach (float w in weights)
            {
                float q = Nearest(w, inverse, largest);
                product += q * w;
                squares += q * q;
            }
            float scale = (float)(product / squares);
            double error = Error(weights, scale, largest);
            if (error < least) (least, best) = (error, scale);
        }
        return best;
    }

    private static double Error(float[] weights, float scale, int largest)
    {
        double error = 0;
        float inverse = 1 / scale;
        foreach (float w in weights)
        {
            float difference = w - Nearest(w, inverse, largest) * scale;
            error += difference * difference;
        }
        return error;
    }

    private static float Nearest(float weight, float inverse, int largest) =>
        Math.Clamp(MathF.Round(weight * inverse), -largest, largest);
}
