using Swan.MLNet.ModelFiles;
using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>
/// TCGE in ONNX: gated attention, in <see cref="SwanVariant.Canonical"/> with the joint units, and the feed-forward step, at a caption's
/// last word.
/// </summary>
internal static class TcgeGraph
{
    /// <summary>h N×L×D, lengths N → N×D, not normalized.</summary>
    public static string Append(
        OnnxGraph g, SwanNetworkOptions options, TrainedWeights weights, TextContract contract, string h, string lengths)
    {
        string last = g.Unsqueeze(g.Node("Sub", [lengths, g.Integer(1)]), 1);                              // N×1
        string y = g.Add(new GatedAttentionGraph(g, options, weights, contract).Append(h, lengths, last), AtLast(g, h, last)); // N×D
        if (options.Variant == SwanVariant.Canonical) y = g.Add(y, JointUnits(g, weights, h, lengths));
        string mlp = g.Linear(g.Relu(g.Linear(y, weights.Map("tcge.mlp.fc.linear"))), weights.Map("tcge.mlp.linear"));
        return g.Add(mlp, y);
    }

    /// <summary>x N×L×… at each caption's last word: N×….</summary>
    internal static string AtLast(OnnxGraph g, string x, string last) => g.Node("GatherND", [x, last], ("batch_dims", 1L));

    private static string JointUnits(OnnxGraph g, TrainedWeights weights, string h, string lengths)
    {
        string channels = g.Transpose(h, 0, 2, 1);                                                         // N×D×L
        (string pairs, string pairCount) = Unit("22", 2);
        (string triples, string tripleCount) = Unit("33", 3);
        string count = g.Node("Max", [g.Add(pairCount, tripleCount), g.Integer(1)]);
        return g.Node("Div", [g.Add(pairs, triples), g.Unsqueeze(g.Cast(count, OnnxType.Float), 1)]);      // N×D

        (string Sum, string Count) Unit(string name, int kernel)
        {
            string block = $"tcge.conv1d_block_{name}";
            string count = g.Node("Div", [lengths, g.Integer(kernel)]);                                    // N
            // A batch may be shorter than the kernel; the padding's units are never counted.
            string units = g.Relu(g.Convolution(
                channels, weights.Map($"{block}.0").Then(weights.Normalization($"{block}.1")), stride: kernel, pads: [0, kernel - 1]));
            string valid = g.Cast(TextTowerGraph.Valid(g, g.Size(units, 2), count), OnnxType.Float);       // N×U
            return (g.Sum(g.Multiply(units, g.Unsqueeze(valid, 1)), 2), count);
        }
    }
}
