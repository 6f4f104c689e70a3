using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>The paper's text tower in ONNX: word vectors and a bidirectional GRU whose directions are averaged.</summary>
internal static class GruGraph
{
    /// <summary>ids N×L, lengths N → h N×L×D, where rows past a caption's end are 0.</summary>
    public static string Append(OnnxGraph g, SwanNetworkOptions options, TrainedWeights weights, string ids, string lengths)
    {
        const string Gru = "text_encoder.rnn";
        int width = options.EmbeddingSize;
        string table = weights.Constant(g, "text_encoder.embed.weight");
        string x = g.Node("Gather", [table, g.Transpose(ids, 1, 0)], ("axis", 0L));                           // L×N×W
        string input = Constant([2, 3 * width, options.WordDimension], "weight_ih_l0");
        string recurrent = Constant([2, 3 * width, width], "weight_hh_l0");
        string bias = Constant([2, 6 * width], "bias_ih_l0", "bias_hh_l0");
        string y = g.Node("GRU", [x, input, recurrent, bias, g.Cast(lengths, OnnxType.Int32)],
            ("hidden_size", (long)width), ("direction", "bidirectional"), ("linear_before_reset", 1L));       // L×2×N×D
        return g.Transpose(g.Mean(y, 1), 1, 0, 2);                                                            // N×L×D

        // Both directions of one tensor, or of several beside each other.
        string Constant(long[] sides, params string[] names)
        {
            string[] all = [.. new[] { "", "_reverse" }.SelectMany(direction => names.Select(name => $"{Gru}.{name}{direction}"))];
            return weights.Constant(g, [.. all.SelectMany(name => Gates([.. weights.Values(name).Select(v => (double)v)]))], sides, read =>
            {
                foreach ((double[] part, string name) in read.Chunk(read.Length / all.Length).Zip(all)) weights.Restore(name, Gates(part));
            });
        }

        // PyTorch orders the gates r, z, n; ONNX z, r, h. The same step leads there and back.
        static double[] Gates(double[] values)
        {
            int gate = values.Length / 3;
            return [.. values.AsSpan(gate, gate), .. values.AsSpan(0, gate), .. values.AsSpan(2 * gate, gate)];
        }
    }
}
