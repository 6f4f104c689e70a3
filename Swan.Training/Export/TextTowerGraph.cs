using Swan.MLNet.Models.Onnx;
using Swan.MLNet.Models;
using Swan.Training.Network;

namespace Swan.Training.Export;

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
        string h = Words(g, options, weights, ids, lengths);                                                  // N×L×D
        string vector = options.UseTcge ? TcgeGraph.Append(g, options, weights, contract, h, lengths) : Mean(g, h, lengths);
        g.Output("embedding", g.Unit(vector), OnnxType.Float, "N", options.EmbeddingSize);
        return g.Build();
    }

    /// <summary>1 at a caption's words and 0 past its end: N×L, from the size of a dimension and the number of valid places.</summary>
    internal static string Valid(OnnxGraph g, string size, string counts)
    {
        string places = g.Node("Range", [g.Integer(0), size, g.Integer(1)]);
        return g.Node("Less", [places, g.Unsqueeze(counts, 1)]);
    }

    private static string Words(OnnxGraph g, SwanNetworkOptions options, TrainedWeights weights, string ids, string lengths)
    {
        const string Gru = "text_encoder.rnn";
        int width = options.EmbeddingSize;
        string table = g.Constant(weights.Values("text_encoder.embed.weight"), weights.Shape("text_encoder.embed.weight"));
        string x = g.Node("Gather", [table, g.Transpose(ids, 1, 0)], ("axis", 0L));                           // L×N×W
        string input = g.Constant(BothDirections(p => Gates($"{Gru}.weight_ih_l0{p}")), 2, 3 * width, options.WordDimension);
        string recurrent = g.Constant(BothDirections(p => Gates($"{Gru}.weight_hh_l0{p}")), 2, 3 * width, width);
        string bias = g.Constant(BothDirections(p => [.. Gates($"{Gru}.bias_ih_l0{p}"), .. Gates($"{Gru}.bias_hh_l0{p}")]), 2, 6 * width);
        string y = g.Node("GRU", [x, input, recurrent, bias, g.Cast(lengths, OnnxType.Int32)],
            ("hidden_size", (long)width), ("direction", "bidirectional"), ("linear_before_reset", 1L));       // L×2×N×D
        return g.Transpose(g.Mean(y, 1), 1, 0, 2);                                                            // N×L×D

        static float[] BothDirections(Func<string, float[]> read) => [.. read(""), .. read("_reverse")];

        // PyTorch orders the gates r, z, n; ONNX z, r, h.
        float[] Gates(string name)
        {
            float[] values = weights.Values(name);
            int gate = values.Length / 3;
            return [.. values.AsSpan(gate, gate), .. values.AsSpan(0, gate), .. values.AsSpan(2 * gate, gate)];
        }
    }

    private static string Mean(OnnxGraph g, string h, string lengths)
    {
        string words = g.Unsqueeze(g.Cast(Valid(g, g.Size(h, 1), lengths), OnnxType.Float), 2);               // N×L×1
        return g.Node("Div", [g.Sum(g.Multiply(h, words), 1), g.Unsqueeze(g.Cast(lengths, OnnxType.Float), 1)]);
    }
}
