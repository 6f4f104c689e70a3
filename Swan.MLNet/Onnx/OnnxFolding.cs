using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Swan.MLNet.Onnx;

/// <summary>Bounds ONNX Runtime's computation with constants when it opens a graph, which the arena's limit doesn't cover.</summary>
/// <remarks>
/// ONNX Runtime computes nodes with constant inputs once and keeps the results ("constant folding"), with a configured limit for each
/// result. Towers need this to turn 8-bit weights into float32. This class also bounds the sum over such nodes, by the maximum that each
/// can produce (<see cref="FoldedValue"/>).
/// </remarks>
internal static class OnnxFolding
{
    // Weights of 8 bits take four times their bytes in float32.
    private const int PerByte = sizeof(float);
    private const long AlwaysAllowed = 4L << 20;

    // A model casts, scales and turns each weight. Others make less than the bound says: ranges as long as a caption.
    private const int Nodes = 32;

    private static readonly FrozenSet<string> SameSides = FrozenSet.ToFrozenSet(
    [
        "Cast", "Ceil", "Clip", "DequantizeLinear", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu",
        "Log", "LogSoftmax", "LpNormalization", "Neg", "Not", "QuantizeLinear", "Reciprocal", "Relu", "Round", "Sigmoid", "Softmax",
        "Softplus", "Sqrt", "Tanh",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> NoMoreElements = FrozenSet.ToFrozenSet(
    [
        "Concat", "DynamicQuantizeLinear", "Flatten", "GlobalAveragePool", "GlobalMaxPool", "InstanceNormalization", "LayerNormalization",
        "ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "ReduceSumSquare", "Reshape",
        "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Broadcasting = FrozenSet.ToFrozenSet(
    [
        "Add", "And", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Min", "Mul", "Or", "Pow", "PRelu", "Sub",
        "Sum", "Where",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Multiplying =
        FrozenSet.ToFrozenSet(["Gather", "Gemm", "MatMul", "MatMulInteger"], StringComparer.Ordinal);

    /// <summary>The most bytes that one node may be folded to.</summary>
    /// <param name="length">The model's bytes.</param>
    public static long LargestFold(long length) => Math.Max(AlwaysAllowed, PerByte * length);

    /// <summary>What is wrong with a graph; null if nothing is.</summary>
    /// <param name="graph">A GraphProto whose operators are known.</param>
    /// <param name="length">The model's bytes.</param>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public static string? Fault(ReadOnlySpan<byte> graph, long length)
    {
        var values = new Dictionary<string, FoldedValue>(StringComparer.Ordinal) { [""] = default };
        for (var fields = new ProtobufFields(graph); fields.Next();)
        {
            if (fields is { IsBytes: true, Number: 5 }) values[NameOf(fields.Bytes, 8)] = FoldedValue.OfTensor(fields.Bytes);
            if (fields is { IsBytes: true, Number: 11 }) values.TryAdd(NameOf(fields.Bytes, 1), FoldedValue.Unknown);
        }
        double largest = LargestFold(length), total = 0;
        for (var fields = new ProtobufFields(graph); fields.Next();)
        {
            if (fields is not { IsBytes: true, Number: 1 }) continue;
            if (Node(fields.Bytes, values, largest, out double bytes) is { } unknown)
                return $"uses the value '{unknown}' before a node produces it";
            total += bytes;
        }
        return total <= Nodes * largest ? null
            : string.Create(CultureInfo.InvariantCulture, $"expands its {length:N0} bytes to up to {total:N0} when it is opened")
                + ", by computing with constants";
    }

    // The name that is not known yet, or null. Bytes: what the node is folded to at most.
    private static string? Node(ReadOnlySpan<byte> node, Dictionary<string, FoldedValue> values, double largest, out double bytes)
    {
        var inputs = new List<FoldedValue>();
        var outputs = new List<string>();
        FoldedValue held = default;
        string op = "";
        bytes = 0;
        for (var fields = new ProtobufFields(node); fields.Next();)
        {
            if (!fields.IsBytes) continue;
            switch (fields.Number)
            {
                case 1:
                    string input = Encoding.UTF8.GetString(fields.Bytes);
                    if (!values.TryGetValue(input, out FoldedValue value)) return input;
                    inputs.Add(value);
                    break;
                case 2: outputs.Add(Encoding.UTF8.GetString(fields.Bytes)); break;
                case 4: op = Encoding.UTF8.GetString(fields.Bytes); break;
                case 5: held = Held(fields.Bytes); break;
            }
        }
        FoldedValue made = op switch
        {
            "Constant" => held,
            // A graph may know the sides of what comes in.
            "Shape" => FoldedValue.Shape,
            _ when inputs.Exists(value => value.DependsOnInput) => FoldedValue.Unknown,
            "Range" when FoldedValue.Range(inputs) is { } counted => counted,
            _ when SameSides.Contains(op) && inputs.Count > 0 => inputs[0] with { Number = op == "Identity" ? inputs[0].Number : null },
            _ when NoMoreElements.Contains(op) => new(inputs.Sum(value => value.Elements), null),
            _ when Broadcasting.Contains(op) => FoldedValue.Broadcast(inputs),
            _ when Multiplying.Contains(op) => FoldedValue.Product(inputs),
            _ => new(largest, null),
        };
        foreach (string output in outputs) values[output] = made;
        if (op == "Constant" || made.DependsOnInput) return null;
        // How far a range counts is known, and no model counts far: one that does is refused here, not when it runs.
        bytes = op == "Range" && made.Elements > largest ? PerByte * made.Elements : Math.Min(PerByte * made.Elements, largest);
        return null;
    }

    // What an attribute holds: a tensor, or numbers of at least a byte each.
    private static FoldedValue Held(ReadOnlySpan<byte> attribute)
    {
        for (var fields = new ProtobufFields(attribute); fields.Next();)
        {
            if (fields is { IsBytes: true, Number: 5 }) return FoldedValue.OfTensor(fields.Bytes);
        }
        return new(attribute.Length, null);
    }

    private static string NameOf(ReadOnlySpan<byte> message, int field)
    {
        for (var fields = new ProtobufFields(message); fields.Next();)
        {
            if (fields.IsBytes && fields.Number == field) return Encoding.UTF8.GetString(fields.Bytes);
        }
        return "";
    }
}
