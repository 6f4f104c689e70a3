using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Swan.MLNet.Onnx;

/// <summary>Bounds what ONNX Runtime computes of constants when it opens a graph, for which its arena's limit doesn't hold.</summary>
/// <remarks>
/// ONNX Runtime computes nodes whose inputs are constants once and keeps the results ("constant folding"), each of at most a number of
/// bytes that it is told. Weights of 8 bits become float32 so, which a tower needs. Here the number of such nodes is bounded, too, by what
/// each can make at most: a value of n constants has no more than n elements where an operator keeps or reduces elements, and no more than
/// their product where it broadcasts. Of other operators it may have as much as is folded at all.
/// </remarks>
internal static class OnnxFolding
{
    // Weights of 8 bits take four times their bytes in float32.
    private const int PerByte = 8;
    private const long AlwaysAllowed = 16L << 20;
    private const int LargestElement = sizeof(long);

    // A model dequantizes, transposes and reshapes each weight; few nodes do more.
    private const int Nodes = 8;
    private const double MostSides = 64;

    private static readonly FrozenSet<string> Keeping = FrozenSet.ToFrozenSet(
    [
        "Cast", "Ceil", "Clip", "Concat", "DequantizeLinear", "DynamicQuantizeLinear", "Erf", "Exp", "Flatten", "Floor", "Gelu",
        "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid", "HardSwish", "Identity", "InstanceNormalization", "LayerNormalization",
        "LeakyRelu", "Log", "LogSoftmax", "LpNormalization", "Neg", "Not", "QuantizeLinear", "Reciprocal", "ReduceL1", "ReduceL2",
        "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "ReduceSumSquare", "Relu", "Reshape", "Round", "Sigmoid",
        "Slice", "Softmax", "Softplus", "Split", "Sqrt", "Squeeze", "Tanh", "Transpose", "Unsqueeze",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Multiplying = FrozenSet.ToFrozenSet(
    [
        "Add", "And", "Div", "Equal", "Gather", "Gemm", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "MatMul", "MatMulInteger", "Max",
        "Min", "Mul", "Or", "Pow", "PRelu", "Sub", "Sum", "Where",
    ], StringComparer.Ordinal);

    /// <summary>The most bytes that one node may be folded to.</summary>
    /// <param name="length">The model's bytes.</param>
    public static long LargestFold(long length) => Math.Max(AlwaysAllowed, PerByte * length);

    /// <summary>What is wrong with a graph; null if nothing is.</summary>
    /// <param name="graph">A GraphProto whose operators are known.</param>
    /// <param name="length">The model's bytes.</param>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public static string? Fault(ReadOnlySpan<byte> graph, long length)
    {
        // The most elements of a constant; infinite: it depends on what comes in.
        var values = new Dictionary<string, double>(StringComparer.Ordinal) { [""] = 0 };
        for (var fields = new ProtobufFields(graph); fields.Next();)
        {
            if (fields is { IsBytes: true, Number: 5 }) AddConstant(values, fields.Bytes);
            if (fields is { IsBytes: true, Number: 11 }) values.TryAdd(NameOf(fields.Bytes, 1), double.PositiveInfinity);
        }
        double largest = LargestFold(length), total = 0;
        for (var fields = new ProtobufFields(graph); fields.Next();)
        {
            if (fields is not { IsBytes: true, Number: 1 }) continue;
            if (Node(fields.Bytes, values, largest, out double bytes) is { } unknown)
                return $"uses the value '{unknown}' before a node makes it";
            total += bytes;
        }
        return total <= Nodes * largest ? null
            : string.Create(CultureInfo.InvariantCulture, $"makes up to {total:N0} bytes of its {length:N0} when it is opened")
                + ", by computing with constants";
    }

    // The name that is not known yet, or null. Bytes: what the node is folded to at most.
    private static string? Node(ReadOnlySpan<byte> node, Dictionary<string, double> values, double largest, out double bytes)
    {
        double sum = 0, product = 1, own = 0;
        string op = "";
        var outputs = new List<string>();
        bytes = 0;
        for (var fields = new ProtobufFields(node); fields.Next();)
        {
            if (!fields.IsBytes) continue;
            switch (fields.Number)
            {
                case 1:
                    string input = Encoding.UTF8.GetString(fields.Bytes);
                    if (!values.TryGetValue(input, out double elements)) return input;
                    sum += elements;
                    product *= Math.Max(1, elements);
                    break;
                case 2: outputs.Add(Encoding.UTF8.GetString(fields.Bytes)); break;
                case 4: op = Encoding.UTF8.GetString(fields.Bytes); break;
                case 5: own += Held(fields.Bytes); break;
            }
        }
        double made = op switch
        {
            "Constant" => own,
            // A graph may know the sides of what comes in.
            "Shape" => MostSides,
            _ when double.IsInfinity(sum) => sum,
            _ when Keeping.Contains(op) => sum,
            _ when Multiplying.Contains(op) => Math.Min(product, largest),
            _ => largest,
        };
        foreach (string output in outputs) values[output] = made;
        if (op != "Constant" && !double.IsInfinity(made)) bytes = Math.Min(LargestElement * made, largest);
        return null;
    }

    private static void AddConstant(Dictionary<string, double> values, ReadOnlySpan<byte> tensor) =>
        values[NameOf(tensor, 8)] = Elements(tensor);

    // What an attribute holds: a tensor, or numbers of at least a byte each.
    private static double Held(ReadOnlySpan<byte> attribute)
    {
        for (var fields = new ProtobufFields(attribute); fields.Next();)
        {
            if (fields is { IsBytes: true, Number: 5 }) return Elements(fields.Bytes);
        }
        return attribute.Length;
    }

    private static double Elements(ReadOnlySpan<byte> tensor)
    {
        double elements = 1;
        for (var fields = new ProtobufFields(tensor); fields.Next();)
        {
            if (fields.Number != 1) continue;
            if (!fields.IsBytes) elements *= fields.Value;
            else for (var sides = new ProtobufFields(fields.Bytes); sides.NextPacked();) elements *= sides.Value;
        }
        return elements;
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
