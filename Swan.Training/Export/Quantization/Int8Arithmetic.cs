using System.Runtime.InteropServices;
using Swan.MLNet.Onnx;

namespace Swan.Training.Export;

/// <summary>Rewrites a tower's graph so that ONNX Runtime computes most of it with 8-bit integers.</summary>
/// <remarks>
/// Values become unsigned bytes with a step for each value, which calibration found. Weights become signed bytes with a step for each
/// output channel. The graph expresses this with <c>QuantizeLinear</c> and <c>DequantizeLinear</c>, which ONNX Runtime fuses into integer
/// operators. Steps are constants, so a row's step depends on no other row of its batch. A rectifier behind a quantized value becomes the
/// range's lower end, and needs no node. Matrices and ordinary kernels take 7 bits: without VNNI, processors add two products of 8 × 8
/// bits in 16, which 8-bit weights overflow. Depthwise kernels are computed otherwise and take 8.
/// </remarks>
internal sealed class Int8Arithmetic
{
    private const int SevenBits = 63, EightBits = sbyte.MaxValue;

    // A bias is a 32-bit integer with the step of the products; this bounds it with room for the sum.
    private const double LargestBias = 1 << 29;

    private readonly TowerGraph _graph;
    private readonly Dictionary<string, ByteRange> _ranges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float[]> _means = new(StringComparer.Ordinal);
    private readonly HashSet<OnnxNode> _integer, _gone = [];
    private readonly ProtobufMessage _rewritten = new();
    private readonly HashSet<string> _used = new(StringComparer.Ordinal), _quantized = new(StringComparer.Ordinal);
    private readonly HashSet<string> _floats = new(StringComparer.Ordinal);
    private PixelLayer? _pixels;

    private Int8Arithmetic(TowerGraph graph, HashSet<OnnxNode> integer) => (_graph, _integer) = (graph, integer);

    /// <summary>Rewrites a graph.</summary>
    /// <param name="model">As <see cref="OnnxGraph.Build"/> gave it, in float32.</param>
    /// <param name="measure">Finds the ranges of values.</param>
    public static byte[] Rewrite(
        ReadOnlySpan<byte> model,
        Func<TowerGraph, IReadOnlyCollection<string>, Dictionary<string, Activation>> measure)
    {
        var graph = new TowerGraph(model);
        return new Int8Arithmetic(graph, IntegerLayers.Find(graph)).Rewrite(measure);
    }

    private byte[] Rewrite(Func<TowerGraph, IReadOnlyCollection<string>, Dictionary<string, Activation>> measure)
    {
        // What integer layers read, and what those of them make that give bytes.
        var values = new SortedSet<string>(StringComparer.Ordinal);
        foreach (OnnxNode node in _integer)
        {
            values.UnionWith(node.Inputs.Where((v, i) => v.Length > 0 && IntegerLayers.Reads(node, i)));
            if (IntegerLayers.GivesBytes(node)) values.Add(Result(node));
        }
        Dictionary<string, Activation> found = measure(_graph, values);
        foreach ((string value, Activation range) in found)
        {
            _ranges[value] = ByteRange.Between(range.Least, range.Largest);
            _means[value] = range.Means;
        }
        _pixels = PixelLayer.Find(_graph, _integer);
        if (_pixels is not null) _ranges[_pixels.Result] = _pixels.Range;
        // ONNX Runtime fuses a product with two sides with the addition behind it, and then makes float32 of the weights at each run.
        _integer.RemoveWhere(n => n.Op == "MatMul" && found[n.Inputs[0]].Sides == 2);
        foreach (OnnxNode node in _integer.Where(n => n.Op == "Resize")) _ranges[node.Outputs[0]] = _ranges[node.Inputs[0]];
        foreach (OnnxNode node in _graph.Nodes)
        {
            if (_gone.Contains(node) || _pixels?.Replaces(node) == true)
            {
                if (node == _pixels?.Last) Normalize(_pixels);
                continue;
            }
            if (_integer.Contains(node)) Integer(node);
            else Node(node, [.. node.Inputs.Select(Float)], node.Outputs);
        }
        return _graph.Rewritten(_rewritten, _used);
    }

    // The value that a layer makes once its rectifier has become the range's lower end.
    private string Result(OnnxNode node)
    {
        if (IntegerLayers.Rectifier(_graph, node) is not { } rectifier) return node.Outputs[0];
        _gone.Add(rectifier);
        return rectifier.Outputs[0];
    }

    private void Integer(OnnxNode node)
    {
        string[] inputs = [.. node.Inputs];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Length > 0 && IntegerLayers.Reads(node, i)) inputs[i] = Bytes(inputs[i]);
        }
        PixelColumns? columns = node == _pixels?.Convolution ? _pixels.Columns : null;
        if (node.Op is "Conv" or "MatMul") Weights(node, inputs, columns);
        if (!IntegerLayers.GivesBytes(node))
        {
            Node(node, inputs, node.Outputs);
            return;
        }
        string result = Result(node), made = $"{result}_made";
        if (columns is null)
        {
            Node(node, inputs, [made]);
            Quantize(made, result);
            return;
        }
        long[] sides = _graph.Weight(node.Inputs[1]).Sides;
        Append("Conv", inputs, made, columns.Attributes(sides[2]));
        Quantize(made, result, channels: sides[0]);
    }

    // Pixels are bytes already, and their scaling and shift are a convolution of bytes.
    private void Normalize(PixelLayer pixels)
    {
        string result = pixels.Result, near = $"{result}_pixels", bytes = pixels.Bytes;
        PixelColumns? columns = pixels.Columns;
        int together = columns?.Scaled ?? 1;
        if (columns is not null)
        {
            bytes = ChannelsFirst(Reshaped(columns.Pixels, $"{near}_grouped", together * pixels.Scale.Length));
        }
        _rewritten.Nested(5, OnnxGraph.TensorMessage($"{near}_step", OnnxType.Float, BitConverter.GetBytes(1f), []));
        _rewritten.Nested(5, OnnxGraph.TensorMessage($"{near}_zero", OnnxType.UInt8, [0], []));
        Append("DequantizeLinear", [bytes, $"{near}_step", $"{near}_zero"], near);
        float[] steps = PixelColumns.Repeat([.. pixels.Scale.Select(s => s / SevenBits)], together);
        int[] shift = [.. PixelColumns.Repeat(pixels.Shift, together).Select((s, c) => (int)Math.Round(s / (double)steps[c]))];
        int channels = steps.Length;
        var kernel = new sbyte[channels * channels];
        for (int c = 0; c < channels; c++) kernel[c * channels + c] = SevenBits;
        string weight = Constant(
            $"{near}_weight", OnnxType.Int8, MemoryMarshal.AsBytes(kernel.AsSpan()), [channels, channels, 1, 1], steps, 0);
        string bias = Constant($"{near}_bias", OnnxType.Int32, MemoryMarshal.AsBytes(shift.AsSpan()), [channels], steps, 0);
        Append("Conv", [near, weight, bias], $"{near}_made", ("kernel_shape", new long[] { 1, 1 }));
        Quantize($"{near}_made", result, columns?.Convolved * pixels.Scale.Length);
    }

    private void Weights(OnnxNode node, string[] inputs, PixelColumns? together)
    {
        (float[] values, long[] sides) = _graph.Weight(node.Inputs[1]);
        bool columns = node.Op == "MatMul";
        int channels = (int)(columns ? sides[^1] : sides[0]);
        // A convolution of one input channel in one group is an ordinary one.
        bool depthwise = !columns && sides[1] == 1 && channels > 1 && node.Integer("group", 1) == channels;
        int largest = depthwise ? EightBits : SevenBits;
        float step = _ranges[node.Inputs[0]].Step;
        Int8Channels rounded = Int8Channels.Round(values, channels, columns, largest);
        double[]? bias = inputs.Length > 2 ? Array.ConvertAll(_graph.Weight(node.Inputs[2]).Values, b => (double)b) : null;
        if (bias is not null)
        {
            rounded = rounded.WithStepsFor(values, columns, [.. bias.Select(b => (float)(Math.Abs(b) / LargestBias / step))], largest);
            double[] excess = BiasCorrection.OfKernels(values, rounded, (int)sides[1], _means[node.Inputs[0]]);
            bias = [.. bias.Zip(excess, (b, e) => b - e)];
        }
        int outputs = together?.Outputs ?? 1;
        (sbyte[] kernel, sides) = together?.Kernel(rounded.Values, sides) ?? (rounded.Values, sides);
        string weight = $"{node.Outputs[0]}_weight";
        inputs[1] = Constant(
            weight, OnnxType.Int8, MemoryMarshal.AsBytes(kernel.AsSpan()), sides, PixelColumns.Repeat(rounded.Scales, outputs),
            columns ? 1 : 0);
        if (bias is null) return;
        float[] steps = [.. rounded.Scales.Select(s => s * step)];
        int[] integers = PixelColumns.Repeat([.. bias.Select((b, c) => (int)Math.Round(b / steps[c]))], outputs);
        inputs[2] = Constant(
            $"{node.Outputs[0]}_bias", OnnxType.Int32, MemoryMarshal.AsBytes(integers.AsSpan()), [integers.Length],
            PixelColumns.Repeat(steps, outputs), 0);
    }

    private string Constant(string name, OnnxType type, ReadOnlySpan<byte> bytes, long[] sides, float[] steps, long axis)
    {
        _rewritten.Nested(5, OnnxGraph.TensorMessage($"{name}_stored", type, bytes, sides));
        _rewritten.Nested(5, OnnxGraph.TensorMessage(
            $"{name}_step", OnnxType.Float, MemoryMarshal.AsBytes(steps.AsSpan()), [steps.Length]));
        Append("DequantizeLinear", [$"{name}_stored", $"{name}_step"], name, ("axis", axis));
        return name;
    }

    // A value as an integer layer reads it; quantized here if a float layer made it.
    private string Bytes(string value)
    {
        if (!_quantized.Contains(value)) Quantize(value, value);
        return $"{value}_near";
    }

    // A value as a float layer reads it: as it was made, if it was made in float32.
    private string Float(string value) => _quantized.Contains(value) && !_floats.Contains(value) ? $"{value}_near" : value;

    // Behind columns that were taken together, the bytes get their own channels again, or those of the next layer.
    private void Quantize(string made, string value, long? channels = null)
    {
        ByteRange range = _ranges[value];
        string step = $"{value}_step", zero = $"{value}_zero", bytes = $"{value}_bytes";
        _rewritten.Nested(5, OnnxGraph.TensorMessage(step, OnnxType.Float, BitConverter.GetBytes(range.Step), []));
        _rewritten.Nested(5, OnnxGraph.TensorMessage(zero, OnnxType.UInt8, [range.Zero], []));
        Append("QuantizeLinear", [made, step, zero], bytes);
        if (channels is { } count) bytes = ChannelsFirst(Reshaped(ChannelsLast(bytes), $"{bytes}_grouped", count));
        Append("DequantizeLinear", [bytes, step, zero], $"{value}_near");
        _quantized.Add(value);
        if (made == value) _floats.Add(value);
    }

    // ONNX Runtime's integer kernels take channels last, so these transpositions cancel out.
    private string ChannelsFirst(string value)
    {
        Append("Transpose", [value], $"{value}_first", ("perm", new long[] { 0, 3, 1, 2 }));
        return $"{value}_first";
    }

    private string ChannelsLast(string value)
    {
        Append("Transpose", [value], $"{value}_last", ("perm", new long[] { 0, 2, 3, 1 }));
        return $"{value}_last";
    }

    private string Reshaped(string value, string made, long channels)
    {
        long[] sides = [0, 0, -1, channels];
        _rewritten.Nested(5, OnnxGraph.TensorMessage($"{made}_sides", OnnxType.Int64, MemoryMarshal.AsBytes(sides.AsSpan()), [4]));
        Append("Reshape", [value, $"{made}_sides"], made);
        return made;
    }

    private void Node(OnnxNode node, string[] inputs, string[] outputs)
    {
        _used.UnionWith(inputs);
        _rewritten.Nested(1, node.With(inputs, outputs));
    }

    private void Append(string op, string[] inputs, string output, params (string Name, object Value)[] attributes) =>
        _rewritten.Nested(1, OnnxGraph.NodeMessage(op, inputs, [output], output, attributes));
}
