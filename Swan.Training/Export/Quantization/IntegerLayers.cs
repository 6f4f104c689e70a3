namespace Swan.Training.Export;

/// <summary>Which nodes of a tower are worth computing with integers, and what they read and make.</summary>
internal static class IntegerLayers
{
    // A product over fewer values costs less than making bytes of them. SFGS pools with such matrices, whose averages of few values lose
    // more than learned weights do.
    private const int FewInputs = 32;

    /// <summary>Finds them.</summary>
    /// <param name="graph">In float32.</param>
    public static HashSet<OnnxNode> Find(TowerGraph graph)
    {
        var integer = new HashSet<OnnxNode>();
        foreach (OnnxNode node in graph.Nodes)
        {
            bool takes = node.Op switch
            {
                "Conv" => graph.IsWeight(node.Inputs[1]) && graph.Weight(node.Inputs[1]).Sides.Length == 4,
                // One with more inputs than outputs follows a GELU, whose few large values leave the others hardly any integers.
                "MatMul" => graph.IsWeight(node.Inputs[1]) && !graph.IsWeight(node.Inputs[0])
                    && graph.Weight(node.Inputs[1]).Sides is [>= FewInputs and var inputs, var outputs] && inputs <= outputs,
                // Between integer layers only: elsewhere bytes would have to be made for it.
                "Add" => node.Inputs.All(MadeOfBytes),
                "Resize" => MadeOfBytes(node.Inputs[0]),
                _ => false,
            };
            // Bytes have another name than what they stand for, and an output must keep its own.
            if (takes && !(GivesBytes(node) && graph.IsOutput(node.Outputs[0]))) integer.Add(node);
        }
        return integer;

        bool MadeOfBytes(string value)
        {
            OnnxNode? maker = graph.Maker(value);
            if (maker is { Op: "Clip" or "Relu" } && graph.Maker(maker.Inputs[0]) is { } layer && Rectifier(graph, layer) == maker)
                maker = layer;
            return maker is not null && integer.Contains(maker) && GivesBytes(maker);
        }
    }

    /// <summary>Whether an input is a value that is quantized.</summary>
    public static bool Reads(OnnxNode node, int input) => node.Op == "Add" ? input < 2 : input == 0;

    /// <summary>Whether what it makes is quantized at once; a product with a matrix gives float32, which sums and norms follow.</summary>
    public static bool GivesBytes(OnnxNode node) => node.Op is "Conv" or "Add" or "Resize";

    /// <summary>The rectifier that alone reads what a layer makes, or null; one whose result the graph gives stays a node.</summary>
    public static OnnxNode? Rectifier(TowerGraph graph, OnnxNode layer) =>
        layer.Op is "Conv" or "Add" && graph.Readers(layer.Outputs[0]) is [{ Op: "Relu" or "Clip" } only]
            && !graph.IsOutput(only.Outputs[0]) ? only : null;
}
