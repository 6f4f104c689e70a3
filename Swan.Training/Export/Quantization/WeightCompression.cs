using System.Runtime.InteropServices;
using System.Text;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Onnx;

namespace Swan.Training.Export;

/// <summary>Stores a finished graph's weights in fewer bytes, and lets the graph convert them to float32.</summary>
/// <remarks>
/// A weight becomes the <c>Cast</c> (for int8, also times its channels' scales) of a smaller constant. ONNX Runtime computes that once,
/// when it opens the graph. It then runs the same float32 operators as before, without the stored bytes. <c>DequantizeLinear</c> would
/// mean the same, but ONNX Runtime keeps it for kernels that compute in int8. The input of a <c>Gather</c> is expanded after it, a few
/// rows at a time, so a word table stays small in memory too. Biases, norms and other small tensors stay as they are.
/// </remarks>
internal sealed class WeightCompression
{
    /// <summary>Smaller tensors are not worth the nodes.</summary>
    private const int MinValues = 4096;

    /// <summary>
    /// A scale for fewer values would take an eighth of what int8 saves and more: depthwise kernels, which are sensitive too.
    /// </summary>
    private const int MinInChannel = 32;

    private readonly SwanWeightPrecision _precision;
    private readonly ProtobufMessage _graph = new();
    private readonly Dictionary<string, WeightLayout?> _uses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);

    private WeightCompression(SwanWeightPrecision precision) => _precision = precision;

    private bool Scaled => _precision == SwanWeightPrecision.Int8;

    /// <summary>Rewrites a tower's graph, as <see cref="OnnxGraph.Build"/> gave it.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> model, SwanWeightPrecision precision)
    {
        var compact = new ProtobufMessage();
        for (var fields = new ProtobufFields(model); fields.Next();)
        {
            if (fields.Number == 7) compact.Nested(7, new WeightCompression(precision).Rewrite(fields.Bytes));
            else compact.Copy(fields);
        }
        return compact.ToArray();
    }

    private ProtobufMessage Rewrite(ReadOnlySpan<byte> graph)
    {
        for (var fields = new ProtobufFields(graph); fields.Next();)
        {
            if (fields.Number == 1) NoteUses(fields.Bytes);
        }
        // Weights first: the nodes that expand them have to come before those that use them.
        for (var fields = new ProtobufFields(graph); fields.Next();)
        {
            if (fields.Number == 5 && !Store(fields.Bytes)) _graph.Copy(fields);
        }
        for (var fields = new ProtobufFields(graph); fields.Next();)
        {
            if (fields.Number != 5 && !(fields.Number == 1 && Gather(fields.Bytes))) _graph.Copy(fields);
        }
        return _graph;
    }

    // A weight with uses that differ keeps its float32.
    private void NoteUses(ReadOnlySpan<byte> node)
    {
        (string op, string[] inputs, _) = Node(node);
        for (int i = 0; i < inputs.Length; i++)
        {
            WeightLayout? use = WeightLayout.Find(op, i);
            if (!_uses.TryAdd(inputs[i], use) && _uses[inputs[i]] != use) _uses[inputs[i]] = null;
        }
    }

    private bool Store(ReadOnlySpan<byte> tensor)
    {
        var constant = new OnnxTensor(tensor);
        (string name, long[] sides) = (constant.Name, constant.Sides);
        if (constant.Type != OnnxType.Float || _uses.GetValueOrDefault(name) is not { } use) return false;
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(constant.Bytes);
        if (values.Length < MinValues) return false;
        if (Scaled)
        {
            int channels = use.Channels(sides);
            if (values.Length < channels * MinInChannel) return false;
            Int8Channels rounded = Int8Channels.Round(values, channels, use.LastSide);
            _graph.Nested(5, OnnxGraph.TensorMessage(Stored(name), OnnxType.Int8, MemoryMarshal.AsBytes(rounded.Values.AsSpan()), sides));
            _graph.Nested(5, OnnxGraph.TensorMessage(
                Scale(name), OnnxType.Float, MemoryMarshal.AsBytes(rounded.Scales.AsSpan()), use.ScaleSides(sides)));
        }
        else
        {
            var rounded = new Half[values.Length];
            for (int i = 0; i < rounded.Length; i++) rounded[i] = (Half)values[i];
            _graph.Nested(5, OnnxGraph.TensorMessage(Stored(name), OnnxType.Float16, MemoryMarshal.AsBytes(rounded.AsSpan()), sides));
        }

        if (use.Gathered) _tables.Add(name);
        else Expand(Stored(name), Scale(name), name);
        return true;
    }

    // The node that read rows of the table: of the stored one, and then expanded.
    private bool Gather(ReadOnlySpan<byte> node)
    {
        (string op, string[] inputs, string output) = Node(node);
        if (op != "Gather" || !_tables.Contains(inputs[0])) return false;
        string rows = Rows(Stored(inputs[0]), Stored(output));
        Expand(rows, Scaled ? Rows(Scale(inputs[0]), Scale(output)) : "", output);
        return true;

        string Rows(string table, string gathered)
        {
            Append("Gather", [table, inputs[1]], gathered, ("axis", 0L));
            return gathered;
        }
    }

    private void Expand(string stored, string scale, string value)
    {
        string cast = Scaled ? $"{value}_cast" : value;
        Append("Cast", [stored], cast, ("to", (long)OnnxType.Float));
        if (Scaled) Append("Mul", [cast, scale], value);
    }

    private void Append(string op, string[] inputs, string output, params (string Name, object Value)[] attributes) =>
        _graph.Nested(1, OnnxGraph.NodeMessage(op, inputs, [output], output, attributes));

    private static string Stored(string name) => $"{name}_stored";

    private static string Scale(string name) => $"{name}_scale";

    private static (string Op, string[] Inputs, string Output) Node(ReadOnlySpan<byte> node)
    {
        string op = "", output = "";
        var inputs = new List<string>();
        for (var fields = new ProtobufFields(node); fields.Next();)
        {
            if (fields.Number == 1) inputs.Add(Encoding.UTF8.GetString(fields.Bytes));
            if (fields.Number == 2) output = Encoding.UTF8.GetString(fields.Bytes);
            if (fields.Number == 4) op = Encoding.UTF8.GetString(fields.Bytes);
        }
        return (op, [.. inputs], output);
    }
}
