namespace Swan.Training.Onnx;

/// <summary>
/// y = W·x + b, or a convolution with a bias, in double precision, so that folding what follows or precedes it loses nothing.
/// </summary>
/// <param name="Weight">Row-major, outputs first: <c>Weight[o * (Weight.Length / Outputs) + …]</c>.</param>
/// <param name="Bias">One value an output.</param>
/// <param name="Shape">The weight's shape: outputs, inputs (of a group), then the kernel.</param>
internal sealed record AffineMap(double[] Weight, double[] Bias, long[] Shape)
{
    /// <summary>Where the weights go back to when they are read from a graph; null where nobody will read them.</summary>
    public MapOrigin? Origin { get; init; }

    public int Outputs => Bias.Length;

    /// <summary>Inputs of a linear map or a 1×1 convolution.</summary>
    public int Inputs => Weight.Length / Outputs;

    /// <summary>The map, then ×scale + shift for each output: batch normalization with its running statistics.</summary>
    public AffineMap Then(ChannelScale scale)
    {
        var weight = (double[])Weight.Clone();
        for (int i = 0; i < weight.Length; i++) weight[i] *= scale.Scale[i / Inputs];
        return this with
        {
            Weight = weight,
            Bias = [.. Bias.Select((b, o) => b * scale.Scale[o] + scale.Shift[o])],
            Origin = Undone(back => (read, bias) =>
            {
                scale.Back?.Invoke(bias);
                back(read, new double[bias.Length]);
            }),
        };
    }

    public AffineMap Scaled(double factor) => this with
    {
        Weight = Array.ConvertAll(Weight, w => w * factor),
        Bias = Array.ConvertAll(Bias, b => b * factor),
        Origin = Undone(back => (weight, bias) => back(Array.ConvertAll(weight, w => w / factor), Array.ConvertAll(bias, b => b / factor))),
    };

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

        return new(weight, bias, [Outputs, inputs, .. first.Shape[2..]])
        {
            // The first map takes it all, at its first outputs, and this one passes those on. What else the first one gives isn't read.
            Origin = Undone(back => (read, shift) =>
            {
                (double[] whole, double[] wholeBias, double[] same) =
                    ((double[])first.Weight.Clone(), (double[])first.Bias.Clone(), new double[Weight.Length]);
                read.CopyTo(whole, 0);
                shift.CopyTo(wholeBias, 0);
                for (int o = 0; o < Outputs; o++) same[o * Inputs + o] = 1;
                first.Origin?.Back(whole, wholeBias);
                back(same, new double[Outputs]);
            }),
        };
    }

    /// <summary>The parts that read some of the inputs each, without a bias: the sum over all parts, plus the bias, is the whole.</summary>
    /// <param name="inputs">How many inputs each part reads, in order; together all.</param>
    public AffineMap[] Parts(params int[] inputs)
    {
        var whole = new double[Weight.Length];
        (int first, int missing) = (0, inputs.Length);
        return [.. inputs.Select(count =>
        {
            int from = first;
            first += count;
            var weight = new double[Outputs * count];
            for (int o = 0; o < Outputs; o++) Weight.AsSpan(o * Inputs + from, count).CopyTo(weight.AsSpan(o * count));
            return new AffineMap(weight, new double[Outputs], [Outputs, count, .. Shape[2..]])
            {
                Origin = Undone(back => (read, _) =>
                {
                    for (int o = 0; o < Outputs; o++) read.AsSpan(o * count, count).CopyTo(whole.AsSpan(o * Inputs + from));
                    if (--missing == 0) back(whole, new double[Outputs]);
                }),
            };
        })];
    }

    /// <summary>The first and the second half of the outputs.</summary>
    public (AffineMap First, AffineMap Second) Halves()
    {
        (double[] whole, double[] wholeBias, int half, int missing) = (new double[Weight.Length], new double[Outputs], Outputs / 2, 2);
        return (From(0), From(half));

        AffineMap From(int output) => new(
            Weight[(output * Inputs)..((output + half) * Inputs)], Bias[output..(output + half)], [half, .. Shape[1..]])
        {
            Origin = Undone(back => (weight, bias) =>
            {
                weight.CopyTo(whole, output * Inputs);
                bias.CopyTo(wholeBias, output);
                if (--missing == 0) back(whole, wholeBias);
            }),
        };
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

    private MapOrigin? Undone(Func<Action<double[], double[]>, Action<double[], double[]>> undo) =>
        Origin is null ? null : Origin with { Back = undo(Origin.Back) };
}
