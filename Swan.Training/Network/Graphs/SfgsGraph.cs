using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>The filter of the salient features, SFGS and WSA in ONNX.</summary>
internal static class SfgsGraph
{
    /// <summary>The stem's features → l, N×D.</summary>
    public static string Append(OnnxGraph g, SwanNetworkOptions options, TrainedWeights weights, string stem)
    {
        int grid = options.ImageSize / 16, side = options.ImageSize / 4, channels = options.SalientChannels;
        string salient = g.Relu(g.Convolution(stem, Normalized("image_encoder.conv_filter", "0", "1")));
        string tokens = g.Concat(1, Branch("11", 1, channels), Branch("33", 3, channels), Branch("55", 5, 2 * channels)); // N×T×G²
        string x = g.Relu(g.Linear(tokens, weights.Map("sfgs.fc.linear")));                                              // N×T×D
        return Wsa(g, options, weights, x);

        string Branch(string kernels, int kernel, int outputs)
        {
            string y = g.Relu(g.Convolution(salient, Normalized($"sfgs.conv2d_block_{kernels}", "0", "1"), stride: kernel));
            return g.Reshape(Pooled(g, y, (side - kernel) / kernel + 1, grid), 0, outputs, grid * grid);
        }

        AffineMap Normalized(string block, string convolution, string normalization) =>
            weights.Map($"{block}.{convolution}").Then(weights.Normalization($"{block}.{normalization}"));
    }

    private static string Wsa(OnnxGraph g, SwanNetworkOptions options, TrainedWeights weights, string x)
    {
        const string Attention = "sfgs.wsa.mhatt", Net = "sfgs.wsa.ffn.net";
        int width = options.EmbeddingSize, heads = options.WsaHeads, tokens = 4 * options.SalientChannels;

        // In published weights the projections play shuffled roles: K̂·V̂ᵀ scores, and Q̂ is what is weighed.
        AffineMap k = weights.Map($"{Attention}.linear_k").Scaled(1 / Math.Sqrt(width / heads));
        // N×H×T×T
        string scores = g.MatMul(Heads(g.Linear(x, k), 0, 2, 1, 3), Heads(g.Linear(x, weights.Map($"{Attention}.linear_v")), 0, 2, 3, 1));
        // N×H×T×D/H
        string mixed = g.MatMul(g.Softmax(scores), Heads(g.Linear(x, weights.Map($"{Attention}.linear_q")), 0, 2, 1, 3));
        // N×T×D
        string merged = g.Linear(g.Reshape(g.Transpose(mixed, 0, 2, 1, 3), 0, tokens, width), weights.Map($"{Attention}.linear_merge"));
        x = Norm(g.Add(x, merged), "norm1");
        string y = g.Linear(g.Gelu(g.Linear(x, weights.Map($"{Net}.0"))), weights.Map($"{Net}.3"));
        x = Norm(g.Add(x, y), "norm2");

        float[] fusion = weights.Values("sfgs.wsa.fmp_weight"); // 1×T×D
        double[] share = [.. Enumerable.Range(0, tokens).Select(t => fusion.Skip(t * width).Take(width).Average(w => (double)w))];
        string shares = weights.Constant(g, share, [1, tokens],
            read => weights.Restore("sfgs.wsa.fmp_weight", [.. read.SelectMany(s => Enumerable.Repeat(s, width))]));
        return g.Squeeze(g.MatMul(shares, x), 1); // N×D

        string Heads(string value, params long[] order) => g.Transpose(g.Reshape(value, 0, tokens, heads, width / heads), order);
        string Norm(string value, string layer) =>
            g.LayerNormalization(value, weights.Constant(g, $"sfgs.wsa.{layer}.weight"), weights.Constant(g, $"sfgs.wsa.{layer}.bias"));
    }

    /// <summary>Adaptive average pooling of squares from n to grid: P·x·Pᵀ.</summary>
    private static string Pooled(OnnxGraph g, string x, int n, int grid)
    {
        if (n == grid) return x;
        var rows = new double[grid * n]; // P
        for (int i = 0; i < grid; i++)
        {
            int start = i * n / grid, end = ((i + 1) * n + grid - 1) / grid;
            for (int j = start; j < end; j++) rows[i * n + j] = 1.0 / (end - start);
        }

        var columns = new double[n * grid]; // Pᵀ
        for (int i = 0; i < grid; i++)
        {
            for (int j = 0; j < n; j++) columns[j * grid + i] = rows[i * n + j];
        }

        return g.MatMul(g.MatMul(g.Constant(rows.AsSpan(), grid, n), x), g.Constant(columns.AsSpan(), n, grid));
    }
}
