using Swan.MLNet.ModelFiles;
using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>The text tower in ONNX: <c>ids</c> int64 N×L and <c>lengths</c> int64 N → <c>embedding</c> float32 N×D, unit length.</summary>
/// <remarks>
/// The same numbers as <see cref="SwanNetwork.EncodeCaptions"/> for a caption alone (or, with <see cref="SwanPadding.Fixed"/>, padded to a
/// fixed length), whatever else is in the batch. Attention is computed for the last word only: no other row is used.
/// </remarks>
internal static class TextTowerGraph
{
    public static byte[] Build(SwanNetworkOptions options, TrainedWeights weights, TextContract contract)
    {
        var g = new OnnxGraph("swan-text");
        string ids = g.Input("ids", OnnxType.Int64, "N", "L"), lengths = g.Input("lengths", OnnxType.Int64, "N");
        string words = Valid(g, g.Size(ids, 1), lengths);                                                     // N×L
        // N×L×D
        string h = options.TextTower == SwanTextTower.MiniLm
            ? MiniLmGraph.Append(g, weights, ids, words)
            : GruGraph.Append(g, options, weights, ids, lengths);
        string? mean = options.UseTcge && !options.Residual ? null : Mean(g, h, words, lengths);
        string? row = options.UseTcge ? TcgeGraph.Append(g, options, weights, contract, h, lengths) : null;
        if (row is not null && options.Residual) row = g.Multiply(row, weights.Constant(g, "text_gate"));
        string vector = mean is null ? row! : row is null ? mean : g.Add(mean, row);
        g.Output("embedding", g.Unit(vector), OnnxType.Float, "N", options.EmbeddingSize);
        return g.Build();
    }

    /// <summary>
    /// True at a caption's words and false past its end: N×L, from the size of a dimension and the number of valid places.
    /// </summary>
    internal static string Valid(OnnxGraph g, string size, string counts)
    {
        string places = g.Node("Range", [g.Integer(0), size, g.Integer(1)]);
        return g.Node("Less", [places, g.Unsqueeze(counts, 1)]);
    }

    private static string Mean(OnnxGraph g, string h, string words, string lengths)
    {
        string kept = g.Multiply(h, g.Unsqueeze(g.Cast(words, OnnxType.Float), 2));                           // N×L×D
        return g.Node("Div", [g.Sum(kept, 1), g.Unsqueeze(g.Cast(lengths, OnnxType.Float), 1)]);
    }
}
