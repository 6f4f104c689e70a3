using Swan.MLNet.Imaging;
using Swan.MLNet.Onnx;

namespace Swan.MLNet.Portable;

/// <summary><see cref="BilinearResampler"/> as ONNX operators, with the same bytes as result.</summary>
/// <remarks>
/// Each pass is a product with a constant matrix of the very fixed-point weights that the resampler uses. All products and sums are
/// integers below 2³¹, which double precision holds exactly in whatever order they are added; so no runtime or device gives other bytes.
/// </remarks>
internal static class ResamplingGraph
{
    /// <summary>Appends the resampling.</summary>
    /// <param name="g">Any operator set from 13 on.</param>
    /// <param name="planes">UInt8, 3×H×W.</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <param name="size">S.</param>
    /// <returns>UInt8, 1×S×S×3.</returns>
    public static string Append(OnnxGraph g, string planes, int width, int height, int size)
    {
        string x = g.Cast(planes, OnnxType.Double);
        if (width != size)
        {
            // One product for all rows of all planes: [3H, W]·[W, S].
            string weights = g.Transpose(Weights(g, width, size), 1, 0);
            x = g.Reshape(Levels(g, g.MatMul(g.Reshape(x, 3L * height, width), weights)), 3, height, size);
        }
        if (height != size) x = Levels(g, g.MatMul(Weights(g, height, size), x));
        return g.Unsqueeze(g.Cast(g.Transpose(x, 1, 2, 0), OnnxType.UInt8), 0);
    }

    /// <summary>
    /// [to, from]: row t has the weights with which position t of the result mixes the source's. Weights are at most 2²², so float32 stores
    /// them exactly.
    /// </summary>
    private static string Weights(OnnxGraph g, int from, int to)
    {
        ResamplingWindows windows = ResamplingWindows.Get(PictureSide.Whole(from), to);
        float[] matrix = new float[checked(from * to)];
        for (int t = 0; t < to; t++)
        {
            ReadOnlySpan<int> weights = windows.Weights(t);
            for (int i = 0; i < weights.Length; i++) matrix[t * from + windows.First[t] + i] = weights[i];
        }
        return g.Cast(g.Constant(matrix, to, from), OnnxType.Double);
    }

    // Rounds to 8 bits as the resampler does between and after its passes.
    private static string Levels(OnnxGraph g, string sums)
    {
        string rounded = g.Node(
            "Floor", [g.Multiply(g.Add(sums, Scalar(g, ResamplingWindows.Half)), Scalar(g, 1.0 / ResamplingWindows.One))]);
        return g.Node("Min", [rounded, Scalar(g, 255)]);
    }

    private static string Scalar(OnnxGraph g, double value) => g.Cast(g.Constant([(float)value]), OnnxType.Double);
}
