using System.Globalization;
using System.Runtime.InteropServices;

namespace Swan.MLNet.Models.Onnx;

/// <summary>ONNX's element types that the towers use.</summary>
internal enum OnnxType
{
    Float = 1,
    UInt8 = 2,
    Int32 = 6,
    Int64 = 7,
}

/// <summary>An ONNX graph being built: each step appends a node and returns the name of its output.</summary>
/// <remarks>Field numbers: onnx.proto of ONNX 1.14 (IR version 8). Operator set 17, the first with LayerNormalization.</remarks>
internal sealed class OnnxGraph(string name)
{
    private const int IrVersion = 8, OperatorSet = 17;
    private readonly ProtobufMessage _graph = new();
    private readonly Dictionary<string, string> _integers = new(StringComparer.Ordinal);
    private int _values;

    /// <summary>Declares an input. A side is a number, or a name for a size that may vary.</summary>
    public string Input(string input, OnnxType type, params object[] sides)
    {
        _graph.Nested(11, Value(input, type, sides));
        return input;
    }

    /// <summary>Declares an output and gives it the value's name.</summary>
    public void Output(string output, string value, OnnxType type, params object[] sides)
    {
        Append("Identity", [value], output, []);
        _graph.Nested(12, Value(output, type, sides));
    }

    /// <summary>A constant: float32, row-major.</summary>
    public string Constant(ReadOnlySpan<float> values, params long[] sides) => Initializer(OnnxType.Float, MemoryMarshal.AsBytes(values), values.Length, sides);

    /// <summary>A constant in double precision, rounded here: the last step of all folding.</summary>
    public string Constant(ReadOnlySpan<double> values, params long[] sides)
    {
        var rounded = new float[values.Length];
        for (int i = 0; i < rounded.Length; i++) rounded[i] = (float)values[i];
        return Constant(rounded, sides);
    }

    /// <summary>A vector of integers, such as a shape; equal ones are stored once.</summary>
    public string Integers(params long[] values)
    {
        string key = string.Join(',', values);
        if (!_integers.TryGetValue(key, out string? constant))
            _integers[key] = constant = Initializer(OnnxType.Int64, MemoryMarshal.AsBytes(values.AsSpan()), values.Length, [values.Length]);
        return constant;
    }

    /// <summary>An integer without dimensions.</summary>
    public string Integer(long value) => Initializer(OnnxType.Int64, MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)), 1, []);

    /// <summary>Appends a node with one output.</summary>
    public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = Fresh(op);
        Append(op, inputs, output, attributes);
        return output;
    }

    public byte[] Build() => new ProtobufMessage()
        .Number(1, IrVersion).Text(2, "Swan").Text(3, Producer)
        .Nested(7, _graph.Text(2, name))
        .Nested(8, new ProtobufMessage().Text(1, "").Number(2, OperatorSet))
        .ToArray();

    private static string Producer => typeof(OnnxGraph).Assembly.GetName().Version?.ToString(3) ?? "";

    private string Fresh(string op) => string.Create(CultureInfo.InvariantCulture, $"{op}_{_values++}");

    private void Append(string op, string[] inputs, string output, (string Name, object Value)[] attributes)
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs) node.Text(1, input);
        node.Text(2, output).Text(3, output).Text(4, op);
        foreach ((string attribute, object value) in attributes) node.Nested(5, Attribute(attribute, value));
        _graph.Nested(1, node);
    }

    private static ProtobufMessage Attribute(string attribute, object value)
    {
        ProtobufMessage message = new ProtobufMessage().Text(1, attribute);
        switch (value)
        {
            case float f: return message.Single(2, f).Number(20, 1);
            case long n: return message.Number(3, n).Number(20, 2);
            case string s: return message.Text(4, s).Number(20, 3);
            case long[] list:
                foreach (long n in list) message.Number(8, n);
                return message.Number(20, 7);
            default: throw new ArgumentException($"ONNX attributes of type {value.GetType()} aren't written here.", nameof(value));
        }
    }

    private string Initializer(OnnxType type, ReadOnlySpan<byte> bytes, int count, long[] sides)
    {
        long product = sides.Aggregate(1L, (a, b) => a * b);
        if (product != count) throw new ArgumentException($"A constant of {string.Join('×', sides)} has {product} values, but {count} were given.", nameof(sides));
        string constant = Fresh("constant");
        var tensor = new ProtobufMessage();
        foreach (long side in sides) tensor.Number(1, side);
        _graph.Nested(5, tensor.Number(2, (long)type).Text(8, constant).Bytes(9, bytes));
        return constant;
    }

    private static ProtobufMessage Value(string value, OnnxType type, object[] sides)
    {
        var shape = new ProtobufMessage();
        foreach (object side in sides)
            shape.Nested(1, side is string symbol ? new ProtobufMessage().Text(2, symbol) : new ProtobufMessage().Number(1, Convert.ToInt64(side, CultureInfo.InvariantCulture)));
        return new ProtobufMessage().Text(1, value).Nested(2, new ProtobufMessage().Nested(1, new ProtobufMessage().Number(1, (long)type).Nested(2, shape)));
    }
}
