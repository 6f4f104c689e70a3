namespace Swan.MLNet.Onnx;

/// <summary>What is known of a graph's value before anything runs, if it is computed of constants.</summary>
/// <param name="Elements">The most elements; infinite: it depends on what comes in.</param>
/// <param name="Sides">The sides, where they are known.</param>
internal readonly record struct FoldedValue(double Elements, double[]? Sides)
{
    private const double MostSides = 64;

    /// <summary>A value that is computed at each run.</summary>
    public static FoldedValue Unknown { get; } = new(double.PositiveInfinity, null);

    /// <summary>The sides of some value.</summary>
    public static FoldedValue Shape { get; } = new(MostSides, null);

    /// <summary>Whether it is computed at each run.</summary>
    public bool DependsOnInput => double.IsInfinity(Elements);

    /// <summary>A constant.</summary>
    /// <param name="tensor">A TensorProto.</param>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public static FoldedValue OfTensor(ReadOnlySpan<byte> tensor)
    {
        var sides = new List<double>();
        for (var fields = new ProtobufFields(tensor); fields.Next();)
        {
            if (fields.Number != 1) continue;
            if (!fields.IsBytes) sides.Add(fields.Value);
            else for (var packed = new ProtobufFields(fields.Bytes); packed.NextPacked();) sides.Add(packed.Value);
        }
        return new(Math.Min(double.MaxValue, sides.Aggregate(1.0, (product, side) => product * side)), [.. sides]);
    }

    /// <summary>What an operator makes of values that it brings to the same sides: the longest of each.</summary>
    public static FoldedValue Broadcast(List<FoldedValue> inputs)
    {
        if (inputs.Exists(value => value.Sides is null)) return Product(inputs);
        double[] sides = new double[inputs.Count == 0 ? 0 : inputs.Max(value => value.Sides!.Length)];
        for (int fromLast = 1; fromLast <= sides.Length; fromLast++)
            sides[^fromLast] = inputs.Max(value => fromLast <= value.Sides!.Length ? value.Sides[^fromLast] : 1);
        return new(Math.Min(double.MaxValue, sides.Aggregate(1.0, (product, side) => product * side)), sides);
    }

    /// <summary>What an operator makes at most that combines each element with each.</summary>
    public static FoldedValue Product(List<FoldedValue> inputs) =>
        new(Math.Min(double.MaxValue, inputs.Aggregate(1.0, (product, value) => product * Math.Max(1, value.Elements))), null);
}
