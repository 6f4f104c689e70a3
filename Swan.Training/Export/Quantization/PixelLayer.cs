namespace Swan.Training.Export;

/// <summary>The first steps of an image tower: bytes to float32, times a scale for each channel, plus a shift for each.</summary>
/// <param name="Bytes">The pixels, N×C×S×S.</param>
/// <param name="Nodes">Cast, product and sum.</param>
/// <param name="Scale">By channel.</param>
/// <param name="Shift">By channel.</param>
/// <param name="Convolution">Reads them.</param>
/// <param name="Columns">How columns are taken together; null where each is taken alone.</param>
internal sealed record PixelLayer(
    string Bytes, OnnxNode[] Nodes, float[] Scale, float[] Shift, OnnxNode Convolution, PixelColumns? Columns)
{
    /// <summary>The node that makes what is convolved.</summary>
    public OnnxNode Last => Nodes[^1];

    /// <summary>What is convolved.</summary>
    public string Result => Last.Outputs[0];

    /// <summary>What bytes of 0 to 255 reach.</summary>
    public ByteRange Range
    {
        get
        {
            float[] ends = [.. Shift, .. Shift.Zip(Scale, (shift, scale) => shift + byte.MaxValue * scale)];
            return ByteRange.Between(ends.Min(), ends.Max());
        }
    }

    /// <summary>Finds them; null in a tower that begins otherwise, or whose first convolution stays in float32.</summary>
    /// <param name="graph">The tower.</param>
    /// <param name="integer">Layers that compute with integers.</param>
    public static PixelLayer? Find(TowerGraph graph, IReadOnlySet<OnnxNode> integer)
    {
        foreach (OnnxNode cast in graph.Nodes)
        {
            if (cast.Op == "Cast" && Next(graph, cast, "Mul") is { } product && Next(graph, product, "Add") is { } sum
                && graph.Readers(sum.Outputs[0]) is [{ Op: "Conv" } convolution]
                && integer.Contains(convolution) && convolution.Inputs[0] == sum.Outputs[0])
            {
                return new(
                    cast.Inputs[0], [cast, product, sum], graph.Weight(product.Inputs[1]).Values, graph.Weight(sum.Inputs[1]).Values,
                    convolution, PixelColumns.Find(graph, cast.Inputs[0], convolution));
            }
        }
        return null;
    }

    /// <summary>Whether a node is one of them.</summary>
    public bool Replaces(OnnxNode node) => Array.IndexOf(Nodes, node) >= 0 || node == Columns?.Transposed;

    // The only reader, if it combines the value with a number for each channel.
    private static OnnxNode? Next(TowerGraph graph, OnnxNode node, string op) =>
        graph.Readers(node.Outputs[0]) is [{ } only] && only.Op == op && !graph.IsOutput(node.Outputs[0])
            && !graph.IsOutput(only.Outputs[0]) && graph.IsWeight(only.Inputs[1])
            && graph.Weight(only.Inputs[1]).Sides is [1, > 1, 1, 1] ? only : null;
}
