using System.Runtime.InteropServices;
using System.Text;
using Swan.MLNet.Onnx;

namespace Swan.Training.Export;

/// <summary>A tower's graph, as <see cref="OnnxGraph.Build"/> gave it, taken apart.</summary>
internal sealed class TowerGraph
{
    private readonly byte[] _model;
    private readonly Dictionary<string, byte[]> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OnnxNode>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxNode> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long[]> _inputs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _outputs = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The bytes are not an ONNX model.</exception>
    public TowerGraph(ReadOnlySpan<byte> model)
    {
        _model = model.ToArray();
        for (var fields = new ProtobufFields(Graph(model)); fields.Next();)
        {
            if (fields.Number == 1) Nodes.Add(OnnxNode.Read(fields.Bytes));
            if (fields.Number == 11) _inputs[ValueName(fields.Bytes)] = Sides(fields.Bytes);
            if (fields.Number == 12) _outputs.Add(ValueName(fields.Bytes));
            if (fields.Number == 5) _constants[new OnnxTensor(fields.Bytes).Name] = fields.Bytes.ToArray();
        }
        foreach (OnnxNode node in Nodes)
        {
            foreach (string output in node.Outputs) _makers[output] = node;
            foreach (string input in node.Inputs)
            {
                if (!_readers.TryGetValue(input, out List<OnnxNode>? readers)) _readers[input] = readers = [];
                readers.Add(node);
            }
        }
    }

    /// <summary>In the order in which they run.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>Whether a value is what the graph gives, so that it must stay under its name.</summary>
    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>The sides of one of the graph's inputs, 0 where one is open; null for other values.</summary>
    public long[]? InputSides(string value) => _inputs.GetValueOrDefault(value);

    /// <summary>The node that makes a value; null for inputs and constants.</summary>
    public OnnxNode? Maker(string value) => _makers.GetValueOrDefault(value);

    /// <summary>The nodes that read a value; a node that reads it twice comes twice.</summary>
    public IReadOnlyList<OnnxNode> Readers(string value) => _readers.GetValueOrDefault(value) ?? [];

    /// <summary>Whether a value is a constant in float32.</summary>
    public bool IsWeight(string value) =>
        _constants.TryGetValue(value, out byte[]? tensor) && new OnnxTensor(tensor).Type == OnnxType.Float;

    /// <summary>A constant's values in float32, row-major, and its sides.</summary>
    public (float[] Values, long[] Sides) Weight(string value)
    {
        var tensor = new OnnxTensor(_constants[value]);
        return (MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray(), tensor.Sides);
    }

    /// <summary>The model, which gives these values as well.</summary>
    public byte[] Showing(IEnumerable<string> values)
    {
        var graph = new ProtobufMessage();
        for (var fields = new ProtobufFields(Graph(_model)); fields.Next();) graph.Copy(fields);
        // A name alone: ONNX Runtime infers type and sides.
        foreach (string value in values) graph.Nested(12, new ProtobufMessage().Text(1, value));
        return Model(graph);
    }

    /// <summary>The model with other nodes and constants, the same inputs and outputs.</summary>
    /// <param name="rewritten">Gets nodes (field 1) and new constants (field 5).</param>
    /// <param name="used">The names that the new nodes read: other constants are left out.</param>
    public byte[] Rewritten(ProtobufMessage rewritten, IReadOnlySet<string> used)
    {
        foreach ((string name, byte[] tensor) in _constants)
        {
            if (used.Contains(name)) rewritten.Bytes(5, tensor);
        }
        for (var fields = new ProtobufFields(Graph(_model)); fields.Next();)
        {
            if (fields.Number is not (1 or 5)) rewritten.Copy(fields);
        }
        return Model(rewritten);
    }

    private static string ValueName(ReadOnlySpan<byte> value)
    {
        for (var fields = new ProtobufFields(value); fields.Next();)
        {
            if (fields.Number == 1) return Encoding.UTF8.GetString(fields.Bytes);
        }
        throw new InvalidDataException("an input or output of the graph has no name.");
    }

    // Of a value's type (field 2) that of a tensor (1), its shape (2), the dimensions (1), and of each its number (1).
    private static long[] Sides(ReadOnlySpan<byte> value)
    {
        var sides = new List<long>();
        for (var shape = new ProtobufFields(Field(Field(Field(value, 2), 1), 2)); shape.Next();)
        {
            if (shape.Number != 1) continue;
            long side = 0;
            for (var fields = new ProtobufFields(shape.Bytes); fields.Next();)
            {
                if (fields.Number == 1) side = (long)fields.Value;
            }
            sides.Add(side);
        }
        return [.. sides];
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> message, int number)
    {
        for (var fields = new ProtobufFields(message); fields.Next();)
        {
            if (fields.Number == number && fields.IsBytes) return fields.Bytes;
        }
        return [];
    }

    private byte[] Model(ProtobufMessage graph)
    {
        var model = new ProtobufMessage();
        for (var fields = new ProtobufFields(_model); fields.Next();)
        {
            if (fields.Number == 7) model.Nested(7, graph);
            else model.Copy(fields);
        }
        return model.ToArray();
    }

    private static ReadOnlySpan<byte> Graph(ReadOnlySpan<byte> model)
    {
        for (var fields = new ProtobufFields(model); fields.Next();)
        {
            if (fields.Number == 7) return fields.Bytes;
        }
        throw new InvalidDataException("the model has no graph.");
    }
}
