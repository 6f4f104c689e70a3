using Swan.MLNet.Onnx;

namespace Swan.Training.Onnx;

/// <summary>The operators that have weights: each appends an <see cref="AffineMap"/> to a graph.</summary>
internal static class AffineOperators
{
    /// <summary>A convolution with the map's bias; the kernel is the map's. Padding: top, left, bottom, right (or before, after).</summary>
    public static string Convolution(this OnnxGraph g, string x, AffineMap map, long stride = 1, long[]? pads = null, long groups = 1)
    {
        long[] kernel = map.Shape[2..];
        string weight = g.Constant(map.Weight, map.Shape), bias = g.Constant(map.Bias, map.Outputs);
        return g.Node("Conv", [x, weight, bias],
            ("kernel_shape", kernel), ("strides", kernel.Select(_ => stride).ToArray()), ("pads", pads ?? new long[2 * kernel.Length]),
            ("group", groups));
    }

    /// <summary>x·Wᵀ + b over the last dimension.</summary>
    public static string Linear(this OnnxGraph g, string x, AffineMap map) =>
        g.Add(g.MatMul(x, g.Constant(map.Transposed(), map.Inputs, map.Outputs)), g.Constant(map.Bias, map.Outputs));
}
