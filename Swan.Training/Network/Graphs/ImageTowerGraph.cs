using Swan.MLNet.Imaging;
using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>The image tower in ONNX: <c>pixels</c> uint8 N×S×S×3 → <c>embedding</c> float32 N×D, unit length.</summary>
/// <remarks>
/// The same numbers as <see cref="SwanNetwork.EncodeImages"/> for less work: batch normalization is folded, VMSF's chains of 1×1
/// convolutions are multiplied out, and adaptive pooling is a product with a constant matrix. Dropout is gone.
/// </remarks>
internal static class ImageTowerGraph
{
    public static byte[] Build(SwanNetworkOptions options, TrainedWeights weights, ImagePreprocessing preprocessing)
    {
        var g = new OnnxGraph("swan-image");
        int side = options.ImageSize;
        string pixels = g.Input("pixels", OnnxType.UInt8, "N", side, side, 3);
        BackboneSpec backbone = SwanBackbones.Find(options.Backbone);
        string normalized = Normalized(g, pixels, preprocessing);
        BackboneValues features = backbone.AppendOnnx(g, weights.Under(backbone.CheckpointName), normalized, side);
        string? average = options.UseVmsf && !options.Residual ? null : g.Mean(features.Scale3, 2, 3);
        string? correction = options.HasAggregation ? Aggregated(g, options, weights, features, average) : null;
        string? plain = options.Residual ? g.Linear(average!, weights.Map("image_encoder.plain")) : null;
        string vector = plain is null ? correction! : correction is null ? plain : g.Add(plain, correction);
        g.Output("embedding", g.Unit(vector), OnnxType.Float, "N", options.EmbeddingSize);
        return g.Build();
    }

    private static string Aggregated(
        OnnxGraph g, SwanNetworkOptions options, TrainedWeights weights, BackboneValues features, string? average)
    {
        string global = options.UseVmsf
            ? VmsfGraph.Append(g, options, weights, features)
            : g.Linear(average!, weights.Map("image_encoder.global"));
        string joined = options.UseSfgs ? g.Concat(1, SfgsGraph.Append(g, options, weights, features.Stem), global) : global;
        AffineMap last = weights.Map("agg.fc_2");
        if (options.Residual) last = last.Scaled(weights.Values("image_gate")[0]);
        return g.Linear(g.Relu(g.Linear(joined, weights.Map("agg.fc_1"))), last);
    }

    // (b / 255 − mean) / deviation. Not folded into the first convolution: its zero padding comes after this step.
    private static string Normalized(OnnxGraph g, string pixels, ImagePreprocessing p)
    {
        double[] scale = [.. p.Std.Select(d => 1 / (255.0 * d))], shift = [.. p.Mean.Zip(p.Std, (m, d) => -(double)m / d)];
        string floats = g.Cast(g.Transpose(pixels, 0, 3, 1, 2), OnnxType.Float);
        return g.Add(g.Multiply(floats, g.Constant(scale.AsSpan(), 1, 3, 1, 1)), g.Constant(shift.AsSpan(), 1, 3, 1, 1));
    }
}
