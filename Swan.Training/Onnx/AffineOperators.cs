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
        pads ??= new long[2 * kernel.Length];
        string made = g.Node("Conv", [x, weight, bias],
            ("kernel_shape", kernel), ("strides", kernel.Select(_ => stride).ToArray()), ("pads", pads), ("group", groups));
        map.Origin?.Graph.Add(new StoredMap(
            weight, bias, made, map.Shape, Linear: false, Before: (int)pads[kernel.Length - 1], (int)stride, map.Origin.Back));
        return made;
    }

    /// <summary>x·Wᵀ + b over the last dimension.</summary>
    public static string Linear(this OnnxGraph g, string x, AffineMap map)
    {
        string weight = g.Constant(map.Transposed(), map.Inputs, map.Outputs), made = g.MatMul(x, weight);
        string bias = g.Constant(map.Bias, map.Outputs);
        map.Origin?.Graph.Add(new StoredMap(weight, bias, made, [map.Inputs, map.Outputs], Linear: true, 0, 1, map.Origin.Back));
        return g.Add(made, bias);
    }
}
