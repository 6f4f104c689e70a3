using System.Globalization;
using System.Runtime.InteropServices;

namespace Swan.MLNet.Onnx;

/// <summary>An ONNX graph being built: each step appends a node and returns the name of its output.</summary>
/// <remarks>Field numbers: onnx.proto of ONNX 1.14 (IR version 8). Operator set 17, the first with LayerNormalization.</remarks>
/// <param name="name">The graph's name.</param>
/// <param name="prefix">What its values' names begin with: keeps them apart from those of a graph around it, or within it.</param>
internal sealed partial class OnnxGraph(string name, string prefix = "")
{
    private readonly ProtobufMessage _graph = new();
    private readonly Dictionary<string, string> _integers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _operatorSets = new(StringComparer.Ordinal) { [""] = 17 };
    private long _irVersion = 8;
    private int _values;

    private string Name => name;

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
    public string Constant(ReadOnlySpan<float> values, params long[] sides) =>
        Initializer(OnnxType.Float, MemoryMarshal.AsBytes(values), values.Length, sides);

    /// <summary>A constant in double precision, rounded here: the last step of all folding.</summary>
    public string Constant(ReadOnlySpan<double> values, params long[] sides)
    {
        var rounded = new float[values.Length];
        for (int i = 0; i < rounded.Length; i++) rounded[i] = (float)values[i];
        return Constant(rounded, sides);
    }

    /// <summary>A constant stored in float16.</summary>
    public string Halves(ReadOnlySpan<Half> values, params long[] sides) =>
        Initializer(OnnxType.Float16, MemoryMarshal.AsBytes(values), values.Length, sides);

    /// <summary>A constant of texts.</summary>
    public string Texts(IEnumerable<string> values)
    {
        string constant = Fresh("constant");
        var tensor = new ProtobufMessage();
        int count = 0;
        foreach (string value in values)
        {
            tensor.Text(6, value);
            count++;
        }
        _graph.Nested(5, tensor.Number(1, count).Number(2, (long)OnnxType.String).Text(8, constant));
        return constant;
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

    /// <summary>A constant of 32-bit integers; without sides one without dimensions.</summary>
    public string Int32s(ReadOnlySpan<int> values, params long[] sides) =>
        Initializer(OnnxType.Int32, MemoryMarshal.AsBytes(values), values.Length, sides);

    /// <summary>Appends a node with one output.</summary>
    public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = Fresh(op);
        Append(op, inputs, output, attributes);
        return output;
    }

    /// <summary>Appends a node with several outputs.</summary>
    public string[] Nodes(string op, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => Fresh(op))];
        Append(op, inputs, names, names[0], attributes);
        return names;
    }

    /// <summary>Appends a node whose own name says what it is for: ONNX Runtime's errors name it.</summary>
    public string Named(string node, string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = Fresh(op);
        Append(op, inputs, [output], node, attributes);
        return output;
    }

    /// <summary>Gives a value one more name, such as the one under which an included model looks for it.</summary>
    public void Call(string called, string value) => Append("Identity", [value], called, []);

    public byte[] Build()
    {
        var model = new ProtobufMessage().Number(1, _irVersion).Text(2, "Swan").Text(3, Producer).Nested(7, _graph.Text(2, name));
        foreach ((string domain, long version) in _operatorSets) model.Nested(8, new ProtobufMessage().Text(1, domain).Number(2, version));
        return model.ToArray();
    }

    private static string Producer => typeof(OnnxGraph).Assembly.GetName().Version?.ToString(3) ?? "";

    private string Fresh(string op) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{op}_{_values++}");

    private void Append(string op, string[] inputs, string output, (string Name, object Value)[] attributes) =>
        Append(op, inputs, [output], output, attributes);

    private void Append(string op, string[] inputs, string[] outputs, string name, (string Name, object Value)[] attributes) =>
        _graph.Nested(1, NodeMessage(op, inputs, outputs, name, attributes));

    /// <summary>A node as it stands in a graph's field 1.</summary>
    internal static ProtobufMessage NodeMessage(
        string op, string[] inputs, string[] outputs, string name, params (string Name, object Value)[] attributes)
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs) node.Text(1, input);
        foreach (string output in outputs) node.Text(2, output);
        node.Text(3, name).Text(4, op);
        foreach ((string attribute, object value) in attributes) node.Nested(5, Attribute(attribute, value));
        return node;
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
            case OnnxGraph graph: return message.Nested(6, graph._graph.Text(2, graph.Name)).Number(20, 5);
            default: throw new ArgumentException($"ONNX attributes of type {value.GetType()} aren't supported.", nameof(value));
        }
    }

    private string Initializer(OnnxType type, ReadOnlySpan<byte> bytes, int count, long[] sides)
    {
        long product = sides.Aggregate(1L, (a, b) => a * b);
        if (product != count)
        {
            throw new ArgumentException(
                $"Expected {product} values for a constant of {string.Join('×', sides)}; got {count}.", nameof(sides));
        }
        string constant = Fresh("constant");
        _graph.Nested(5, TensorMessage(constant, type, bytes, sides));
        return constant;
    }

    /// <summary>A constant as it stands in a graph's field 5.</summary>
    internal static ProtobufMessage TensorMessage(string constant, OnnxType type, ReadOnlySpan<byte> bytes, long[] sides)
    {
        var tensor = new ProtobufMessage();
        foreach (long side in sides) tensor.Number(1, side);
        return tensor.Number(2, (long)type).Text(8, constant).Bytes(9, bytes);
    }

    private static ProtobufMessage Value(string value, OnnxType type, object[] sides)
    {
        var shape = new ProtobufMessage();
        foreach (object side in sides)
        {
            shape.Nested(1, side is string symbol
                ? new ProtobufMessage().Text(2, symbol)
                : new ProtobufMessage().Number(1, Convert.ToInt64(side, CultureInfo.InvariantCulture)));
        }
        return new ProtobufMessage()
            .Text(1, value)
            .Nested(2, new ProtobufMessage().Nested(1, new ProtobufMessage().Number(1, (long)type).Nested(2, shape)));
    }
}
