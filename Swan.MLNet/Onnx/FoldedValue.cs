using System.Buffers.Binary;

namespace Swan.MLNet.Onnx;

/// <summary>The known properties of a graph's value before any run, if it is computed from constants.</summary>
/// <param name="Elements">The most elements; infinite: it depends on what comes in.</param>
/// <param name="Sides">The sides, where they are known.</param>
internal readonly record struct FoldedValue(double Elements, double[]? Sides)
{
    private const double MostSides = 64;

    /// <summary>The one number that it holds; null where it holds more, or where that is not known.</summary>
    public double? Number { get; init; }

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
        ulong type = 0;
        ReadOnlySpan<byte> raw = default;
        for (var fields = new ProtobufFields(tensor); fields.Next();)
        {
            if (fields is { Number: 2, IsBytes: false }) type = fields.Value;
            if (fields is { Number: 9, IsBytes: true }) raw = fields.Bytes;
            if (fields.Number != 1) continue;
            if (!fields.IsBytes) sides.Add(fields.Value);
            else for (var packed = new ProtobufFields(fields.Bytes); packed.NextPacked();) sides.Add(packed.Value);
        }
        double elements = Math.Min(double.MaxValue, sides.Aggregate(1.0, (product, side) => product * side));
        return new(elements, [.. sides]) { Number = elements == 1 ? NumberOf(type, raw) : null };
    }

    /// <summary>The result of counting from one number to another; null if they are unknown.</summary>
    /// <param name="inputs">The first number, the one to stop before, and the step.</param>
    public static FoldedValue? Range(List<FoldedValue> inputs)
    {
        if (inputs is not [{ Number: { } first }, { Number: { } end }, { Number: { } step }]) return null;
        double count = Math.Ceiling((end - first) / step);
        return double.IsNaN(count) || step == 0 ? null : new(Math.Clamp(count, 0, long.MaxValue), null);
    }

    /// <summary>The result of an operator that broadcasts its values: the longest of each side.</summary>
    public static FoldedValue Broadcast(List<FoldedValue> inputs)
    {
        if (inputs.Exists(value => value.Sides is null)) return Product(inputs);
        double[] sides = new double[inputs.Count == 0 ? 0 : inputs.Max(value => value.Sides!.Length)];
        for (int fromLast = 1; fromLast <= sides.Length; fromLast++)
            sides[^fromLast] = inputs.Max(value => fromLast <= value.Sides!.Length ? value.Sides[^fromLast] : 1);
        return new(Math.Min(double.MaxValue, sides.Aggregate(1.0, (product, side) => product * side)), sides);
    }

    /// <summary>The maximum result of an operator that combines each element with each.</summary>
    public static FoldedValue Product(List<FoldedValue> inputs) =>
        new(Math.Min(double.MaxValue, inputs.Aggregate(1.0, (product, value) => product * Math.Max(1, value.Elements))), null);

    // As exporters store it; other fields of numbers are for people.
    private static double? NumberOf(ulong type, ReadOnlySpan<byte> raw) => (type, raw.Length) switch
    {
        (1, sizeof(float)) => BinaryPrimitives.ReadSingleLittleEndian(raw),
        (6, sizeof(int)) => BinaryPrimitives.ReadInt32LittleEndian(raw),
        (7, sizeof(long)) => BinaryPrimitives.ReadInt64LittleEndian(raw),
        (11, sizeof(double)) => BinaryPrimitives.ReadDoubleLittleEndian(raw),
        _ => null,
    };
}
