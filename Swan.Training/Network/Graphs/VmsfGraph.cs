using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>VMSF in ONNX.</summary>
internal static class VmsfGraph
{
    /// <summary>The three scales → g, N×D.</summary>
    public static string Append(OnnxGraph g, SwanNetworkOptions options, TrainedWeights weights, BackboneValues features)
    {
        const string Vmsf = "image_encoder.vmsf";
        int width = options.EmbeddingSize;
        AffineMap fusion = weights.Map($"{Vmsf}.channel_att.0").Then(weights.Normalization($"{Vmsf}.channel_att.1"));

        // Two 1×1 convolutions in a row are one. Down-sampling by nearest neighbor comes first as a stride, up-sampling comes last.
        AffineMap[] parts = fusion.Parts(width, width, 2 * width);
        AffineMap fine = parts[0].After(weights.Map($"{Vmsf}.conv_512"));
        AffineMap middle = parts[1].After(weights.Map($"{Vmsf}.conv_1024"));
        AffineMap coarse = parts[2].After(weights.Map($"{Vmsf}.conv_2048"));
        coarse = coarse with { Bias = [.. coarse.Bias.Zip(fusion.Bias, (a, b) => a + b)] };

        string fused = g.Add(g.Convolution(features.Scale1, fine, stride: 2), g.Convolution(features.Scale2, middle));
        fused = g.Relu(g.Add(fused, UpSampled(g, g.Convolution(features.Scale3, coarse))));    // N×D×G×G
        string pooled = g.Mean(fused, 2, 3);                                                   // N×D
        return g.Linear(
            g.Relu(g.Linear(pooled, weights.Map($"{Vmsf}.channel_filter.fc.linear"))), weights.Map($"{Vmsf}.channel_filter.linear"));
    }

    private static string UpSampled(OnnxGraph g, string x) =>
        g.Node("Resize", [x, "", g.Constant([1f, 1f, 2f, 2f], 4)], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"),
            ("nearest_mode", "floor"));
}
