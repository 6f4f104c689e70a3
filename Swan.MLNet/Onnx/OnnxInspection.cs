using System.Collections.Frozen;
using System.Text;

namespace Swan.MLNet.Onnx;

/// <summary>Looks through an ONNX file, without running anything, for what a model file may not contain: external data (other files of the
/// machine), operators outside the ONNX standard, and functions that could hide either.</summary>
/// <remarks>Field numbers: onnx.proto of ONNX 1.14 (IR version 8).</remarks>
internal static class OnnxInspection
{
    // The operators of towers, querybanks and quantized layers. Not among them: loops, functions of text, random numbers, and operators
    // that only make large tensors of a few numbers (ConstantOfShape, Expand, Tile). Range, Resize, Pad and broadcasting can, too, and
    // towers need them: this list closes ways in; OnnxFolding and the encoder's arena bound memory.
    private static readonly FrozenSet<string> Allowed = FrozenSet.ToFrozenSet(
    [
        "Add", "And", "AveragePool", "BatchNormalization", "Cast", "Ceil", "Clip", "Concat", "Constant", "Conv", "ConvInteger",
        "DequantizeLinear", "Div", "DynamicQuantizeLinear", "Equal", "Erf", "Exp", "Flatten", "Floor", "GRU", "Gather", "GatherElements",
        "GatherND", "Gelu", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish",
        "Identity", "InstanceNormalization", "LSTM", "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log", "LogSoftmax",
        "LpNormalization", "MatMul", "MatMulInteger", "Max", "MaxPool", "Min", "Mul", "Neg", "Not", "Or", "PRelu", "Pad", "Pow",
        "QLinearConv", "QLinearMatMul", "QuantizeLinear", "Range", "Reciprocal", "ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax",
        "ReduceMean", "ReduceMin", "ReduceSum", "ReduceSumSquare", "Relu", "Reshape", "Resize", "Round", "Shape", "Sigmoid", "Slice",
        "Softmax", "Softplus", "Split", "Sqrt", "Squeeze", "Sub", "Sum", "Tanh", "Transpose", "Unsqueeze", "Where",
    ], StringComparer.Ordinal);

    // A few bytes stand for gigabytes.
    private const string Sparse = "has a sparse tensor";

    // Deeper nesting than any exported tower; the limit keeps a hostile file from overflowing the stack.
    private const int DeepestGraph = 8;

    /// <summary>Refuses a graph with external data, foreign operators or local functions.</summary>
    /// <exception cref="SwanFormatException">It has one, or it isn't ONNX.</exception>
    public static void Validate(ReadOnlySpan<byte> model, string entry, string name)
    {
        string? fault;
        try
        {
            fault = Model(model);
        }
        catch (InvalidDataException e)
        {
            throw new SwanFormatException($"'{entry}' of '{name}' is not an ONNX model: {e.Message} Export the model again.", e);
        }
        if (fault is not null)
        {
            throw new SwanFormatException(
                $"'{entry}' of '{name}' {fault}. A Swan model may use only standard ONNX operators and its own data; it was not "
                + "loaded. Export the model again.");
        }
    }

    private static string? Model(ReadOnlySpan<byte> bytes)
    {
        bool graph = false;
        var fields = new ProtobufFields(bytes);
        while (fields.Next())
        {
            string? fault = fields.Number switch
            {
                7 when fields.IsBytes => Graph(fields.Bytes, depth: 0) ?? OnnxFolding.Fault(fields.Bytes, bytes.Length),
                8 when fields.IsBytes => OperatorSet(fields.Bytes),
                25 => "defines its own functions",
                _ => null,
            };
            graph |= fields.Number == 7;
            if (fault is not null) return fault;
        }
        return graph ? null : throw new InvalidDataException("it has no graph.");
    }

    private static string? OperatorSet(ReadOnlySpan<byte> bytes)
    {
        var fields = new ProtobufFields(bytes);
        while (fields.Next())
        {
            if (fields.Number == 1 && fields.IsBytes && Domain(fields.Bytes) is { } fault) return fault;
        }
        return null;
    }

    private static string? Domain(ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty || utf8.SequenceEqual("ai.onnx"u8) ? null : $"uses operators of '{Encoding.UTF8.GetString(utf8)}'";

    private static string? Operator(ReadOnlySpan<byte> utf8)
    {
        string name = Encoding.UTF8.GetString(utf8);
        return Allowed.Contains(name) ? null : $"uses the operator '{name}', which no exported tower needs";
    }

    private static string? Graph(ReadOnlySpan<byte> bytes, int depth)
    {
        if (depth > DeepestGraph) throw new InvalidDataException($"its graphs are nested over {DeepestGraph} deep.");
        var fields = new ProtobufFields(bytes);
        while (fields.Next())
        {
            string? fault = !fields.IsBytes ? null : fields.Number switch
            {
                1 => Node(fields.Bytes, depth),
                5 => Tensor(fields.Bytes),
                15 => Sparse,
                _ => null,
            };
            if (fault is not null) return fault;
        }
        return null;
    }

    private static string? Node(ReadOnlySpan<byte> bytes, int depth)
    {
        ReadOnlySpan<byte> called = default;
        var fields = new ProtobufFields(bytes);
        while (fields.Next())
        {
            if (fields is { IsBytes: true, Number: 4 }) called = fields.Bytes;
            string? fault = !fields.IsBytes ? null : fields.Number switch
            {
                5 => Attribute(fields.Bytes, depth),
                7 => Domain(fields.Bytes),
                _ => null,
            };
            if (fault is not null) return fault;
        }
        return Operator(called);
    }

    private static string? Attribute(ReadOnlySpan<byte> bytes, int depth)
    {
        var fields = new ProtobufFields(bytes);
        while (fields.Next())
        {
            string? fault = !fields.IsBytes ? null : fields.Number switch
            {
                5 or 10 => Tensor(fields.Bytes),
                6 or 11 => Graph(fields.Bytes, depth + 1),
                22 or 23 => Sparse,
                _ => null,
            };
            if (fault is not null) return fault;
        }
        return null;
    }

    private static string? Tensor(ReadOnlySpan<byte> bytes)
    {
        var fields = new ProtobufFields(bytes);
        while (fields.Next())
        {
            // 13: external_data; 14: data_location, 1 = EXTERNAL
            if (fields.Number == 13 || (fields.Number == 14 && fields.Value != 0)) return "keeps weights in other files (external data)";
        }
        return null;
    }
}
