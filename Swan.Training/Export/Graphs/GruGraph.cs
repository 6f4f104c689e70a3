using Swan.MLNet.Onnx;
using Swan.Training.Network;
using Swan.Training.Onnx;

namespace Swan.Training.Export;

/// <summary>The paper's text tower in ONNX: word vectors and a bidirectional GRU whose directions are averaged.</summary>
internal static class GruGraph
{
    /// <summary>ids N×L, lengths N → h N×L×D, where rows past a caption's end are 0.</summary>
    public static string Append(OnnxGraph g, SwanNetworkOptions options, TrainedWeights weights, string ids, string lengths)
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
}
