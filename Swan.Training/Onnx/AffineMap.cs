namespace Swan.Training.Onnx;

/// <summary>
/// y = W·x + b, or a convolution with a bias, in double precision, so that folding what follows or precedes it loses nothing.
/// </summary>
/// <param name="Weight">Row-major, outputs first: <c>Weight[o * (Weight.Length / Outputs) + …]</c>.</param>
/// <param name="Bias">One value an output.</param>
/// <param name="Shape">The weight's shape: outputs, inputs (of a group), then the kernel.</param>
internal sealed record AffineMap(double[] Weight, double[] Bias, long[] Shape)
{
    public int Outputs => Bias.Length;

    /// <summary>Inputs of a linear map or a 1×1 convolution.</summary>
    public int Inputs => Weight.Length / Outputs;

    /// <summary>The map, then ×scale + shift for each output: batch normalization with its running statistics.</summary>
    public AffineMap Then(ChannelScale scale)
    {
        var weight = (double[])Weight.Clone();
        for (int i = 0; i < weight.Length; i++) weight[i] *= scale.Scale[i / Inputs];
        return this with { Weight = weight, Bias = [.. Bias.Select((b, o) => b * scale.Scale[o] + scale.Shift[o])] };
    }

    public AffineMap Scaled(double factor) =>
        this with { Weight = Array.ConvertAll(Weight, w => w * factor), Bias = Array.ConvertAll(Bias, b => b * factor) };

    /// <summary>Another linear map or 1×1 convolution first, then this one, as a single map.</summary>
    public AffineMap After(AffineMap first)
    {
        if (first.Outputs != Inputs)
            throw new ArgumentException($"A map of {Inputs} inputs can't follow one of {first.Outputs} outputs.", nameof(first));
        int inputs = first.Inputs;
        var weight = new double[Outputs * inputs];
        var bias = (double[])Bias.Clone();
        for (int o = 0; o < Outputs; o++)
        {
            Span<double> row = weight.AsSpan(o * inputs, inputs);
            for (int m = 0; m < Inputs; m++)
            {
                double factor = Weight[o * Inputs + m];
                bias[o] += factor * first.Bias[m];
                ReadOnlySpan<double> source = first.Weight.AsSpan(m * inputs, inputs);
                for (int i = 0; i < inputs; i++) row[i] += factor * source[i];
            }
        }

        return new(weight, bias, [Outputs, inputs, .. first.Shape[2..]]);
    }

    /// <summary>The part that reads some of the inputs, without a bias: the sum over all parts, plus the bias, is the whole.</summary>
    public AffineMap Part(int firstInput, int inputs)
    {
        var weight = new double[Outputs * inputs];
        for (int o = 0; o < Outputs; o++) Weight.AsSpan(o * Inputs + firstInput, inputs).CopyTo(weight.AsSpan(o * inputs));
        return new(weight, new double[Outputs], [Outputs, inputs, .. Shape[2..]]);
    }

    /// <summary>Inputs × outputs, as a matrix product from the left takes it.</summary>
    public double[] Transposed()
    {
        var transposed = new double[Weight.Length];
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < Inputs; i++) transposed[i * Outputs + o] = Weight[o * Inputs + i];
        }

        return transposed;
    }

    /// <summary>The map's value for one input.</summary>
    public double[] Apply(ReadOnlySpan<double> x)
    {
        var y = (double[])Bias.Clone();
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < Inputs; i++) y[o] += Weight[o * Inputs + i] * x[i];
        }

        return y;
    }
}
