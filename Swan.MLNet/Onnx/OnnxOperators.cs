namespace Swan.MLNet.Onnx;

/// <summary>Operators by name, each appending to a graph.</summary>
internal static class OnnxOperators
{
    public static string Cast(this OnnxGraph g, string x, OnnxType type) => g.Node("Cast", [x], ("to", (long)type));

    public static string Add(this OnnxGraph g, string a, string b) => g.Node("Add", [a, b]);

    public static string Multiply(this OnnxGraph g, string a, string b) => g.Node("Mul", [a, b]);

    public static string Divide(this OnnxGraph g, string a, string b) => g.Node("Div", [a, b]);

    public static string And(this OnnxGraph g, string a, string b) => g.Node("And", [a, b]);

    public static string Or(this OnnxGraph g, string a, string b) => g.Node("Or", [a, b]);

    public static string Not(this OnnxGraph g, string x) => g.Node("Not", [x]);

    public static string Equal(this OnnxGraph g, string a, string b) => g.Node("Equal", [a, b]);

    public static string AtLeast(this OnnxGraph g, string a, string b) => g.Node("GreaterOrEqual", [a, b]);

    public static string Where(this OnnxGraph g, string condition, string yes, string no) => g.Node("Where", [condition, yes, no]);

    public static string Gather(this OnnxGraph g, string x, string indices) => g.Node("Gather", [x, indices], ("axis", 0L));

    /// <summary>
    /// From <paramref name="start"/> up to, not including, <paramref name="end"/>, along one axis. Both are vectors of one integer.
    /// </summary>
    public static string Slice(this OnnxGraph g, string x, string start, string end, long axis = 0) =>
        g.Node("Slice", [x, start, end, g.Integers(axis)]);

    public static string MatMul(this OnnxGraph g, string a, string b) => g.Node("MatMul", [a, b]);

    public static string Relu(this OnnxGraph g, string x) => g.Node("Relu", [x]);

    public static string Concat(this OnnxGraph g, long axis, params string[] parts) => g.Node("Concat", parts, ("axis", axis));

    public static string Reshape(this OnnxGraph g, string x, params long[] shape) => g.Node("Reshape", [x, g.Integers(shape)]);

    public static string Transpose(this OnnxGraph g, string x, params long[] order) => g.Node("Transpose", [x], ("perm", order));

    public static string Unsqueeze(this OnnxGraph g, string x, params long[] axes) => g.Node("Unsqueeze", [x, g.Integers(axes)]);

    public static string Squeeze(this OnnxGraph g, string x, params long[] axes) => g.Node("Squeeze", [x, g.Integers(axes)]);

    public static string Softmax(this OnnxGraph g, string x) => g.Node("Softmax", [x], ("axis", -1L));

    public static string Mean(this OnnxGraph g, string x, params long[] axes) =>
        g.Node("ReduceMean", [x], ("axes", axes), ("keepdims", 0L));

    public static string Sum(this OnnxGraph g, string x, params long[] axes) =>
        g.Node("ReduceSum", [x, g.Integers(axes)], ("keepdims", 0L));

    /// <summary>The size of a dimension as an integer without dimensions.</summary>
    public static string Size(this OnnxGraph g, string x, long axis) =>
        g.Node("Gather", [g.Node("Shape", [x]), g.Integer(axis)], ("axis", 0L));

    public static string LayerNormalization(this OnnxGraph g, string x, string scale, string shift, float epsilon = 1e-5f) =>
        g.Node("LayerNormalization", [x, scale, shift], ("axis", -1L), ("epsilon", epsilon));

    /// <summary>x·Φ(x) with the exact error function.</summary>
    public static string Gelu(this OnnxGraph g, string x)
    {
        string erf = g.Node("Erf", [g.Multiply(x, g.Constant([1 / Math.Sqrt(2)]))]);
        return g.Multiply(g.Multiply(x, g.Constant([0.5])), g.Add(erf, g.Constant([1.0])));
    }

    /// <summary>Rows over their L2 norm + 1e-8, as in the network.</summary>
    public static string Unit(this OnnxGraph g, string rows) =>
        g.Node("Div", [rows, g.Add(g.Node("ReduceL2", [rows], ("axes", new long[] { 1 }), ("keepdims", 1L)), g.Constant([1e-8]))]);

    private static string Constant(this OnnxGraph g, double[] values) => g.Constant(values.AsSpan(), []);
}
