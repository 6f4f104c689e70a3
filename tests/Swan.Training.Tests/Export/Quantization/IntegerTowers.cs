using Microsoft.ML.OnnxRuntime;
using Swan.MLNet.Onnx;
using Swan.Training.Export;

namespace Swan.Training.Tests.Export;

/// <summary>Small towers with what the real ones have, and their integer forms.</summary>
internal static class IntegerTowers
{
    public const int Side = 8, WideSide = 16, Channels = 4, Inner = 64, Wide = 96;

    /// <summary>Scaled pixels, a kernel, a depthwise one with a rectifier, a sum, a mean.</summary>
    /// <param name="emptyChannel">The first channel of each convolution has no weights.</param>
    /// <param name="weight">Instead of the first weight of all.</param>
    public static byte[] Convolutions(bool emptyChannel = false, float? weight = null)
    {
        var builder = new Builder { EmptyChannel = emptyChannel, Weight = weight };
        OnnxGraph g = builder.Graph;
        string y = builder.Rectified(builder.Convolution(builder.Pixels(), 3, 3, 1));
        string z = builder.Rectified(builder.Convolution(y, Channels, 3, Channels));
        string sum = g.Add(builder.Convolution(z, Channels, 1, 1), builder.Convolution(y, Channels, 1, 1));
        g.Output("embedding", g.Mean(sum, 2, 3), OnnxType.Float, "N", Channels);
        return g.Build();
    }

    /// <summary>Scaled pixels, and a kernel with strides, as backbones begin.</summary>
    /// <param name="kernel">Rows and columns of the kernel.</param>
    /// <param name="stride">From one output to the next.</param>
    /// <param name="pads">Above, before, below and behind the pixels.</param>
    /// <param name="rectified">Whether a rectifier follows.</param>
    /// <param name="side">Of the pixels.</param>
    public static byte[] Strided(int kernel, int stride, long[] pads, bool rectified = true, int side = WideSide)
    {
        var builder = new Builder();
        OnnxGraph g = builder.Graph;
        string y = builder.Convolution(builder.Pixels(side), 3, kernel, 1, stride, pads);
        if (rectified) y = builder.Rectified(y);
        g.Output("embedding", g.Mean(builder.Convolution(y, Channels, 1, 1), 2, 3), OnnxType.Float, "N", Channels);
        return g.Build();
    }

    /// <summary>A convolution that is enlarged and added to, and products: pooling, widening, narrowing, and one of two sides.</summary>
    public static byte[] Products()
    {
        var builder = new Builder();
        OnnxGraph g = builder.Graph;
        string small = builder.Rectified(builder.Convolution(builder.Pixels(), 3, 3, 1));
        string large = g.Node("Resize", [small, "", g.Constant([1f, 1f, 2f, 2f], 4)], ("mode", "nearest"),
            ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        string y = builder.Rectified(builder.Convolution(large, Channels, 1, 1));
        string pooled = g.MatMul(y, builder.Matrix(2 * Side, 2 * Side));
        string rows = g.Reshape(pooled, 0, 2 * Side * 2 * Side * Channels / Inner, Inner); // N×T×64
        string wide = g.Relu(g.Add(g.MatMul(rows, builder.Matrix(Inner, Wide)), builder.Vector(Wide)));
        string narrow = g.MatMul(wide, builder.Matrix(Wide, Inner));
        string mean = g.Node("ReduceMean", [narrow], ("axes", new long[] { 1 }), ("keepdims", 0L)); // N×64
        g.Output("embedding", g.Add(g.MatMul(mean, builder.Matrix(Inner, Wide)), builder.Vector(Wide)), OnnxType.Float,
            "N", Wide);
        return g.Build();
    }

    /// <summary>Calibrated with four batches of pixels, or with these.</summary>
    public static byte[] Rewrite(byte[] tower, params byte[][] batches) =>
        Int8Arithmetic.Rewrite(tower, (graph, values) => Measure(graph, values, batches));

    /// <summary>The same of a tower whose pixels have as many columns.</summary>
    public static byte[] RewriteWide(byte[] tower, int side = WideSide) =>
        Int8Arithmetic.Rewrite(tower, (graph, values) => ActivationRanges.Measure(
            graph, values, [new Dictionary<string, OrtValue> { ["pixels"] = Tensor(Pixels(1, 4, side), side) }], CancellationToken.None));

    public static Dictionary<string, Activation> Measure(
        TowerGraph graph, IReadOnlyCollection<string> values, params byte[][] batches) => ActivationRanges.Measure(
            graph, values,
            (batches is [] ? Calibration : batches).Select(b => new Dictionary<string, OrtValue> { ["pixels"] = Tensor(b) }),
            CancellationToken.None);

    public static byte[][] Calibration => [.. Enumerable.Range(0, 4).Select(i => Pixels(i, 4))];

    public static byte[] Pixels(int seed, int images, int side = Side)
    {
        byte[] pixels = new byte[images * side * side * 3];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    public static float[] Run(byte[] model, byte[] pixels, string output = "embedding", int side = Side)
    {
        using var session = new InferenceSession(model);
        using var run = new RunOptions();
        using OrtValue input = Tensor(pixels, side);
        using var outputs = session.Run(run, new Dictionary<string, OrtValue> { ["pixels"] = input }, [output]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static OrtValue Tensor(byte[] pixels, int side = Side) =>
        OrtValue.CreateTensorValueFromMemory(pixels, [pixels.Length / (side * side * 3), side, side, 3]);

    private sealed class Builder
    {
        private readonly Random _random = new(1);

        public OnnxGraph Graph { get; } = new("tower");

        public bool EmptyChannel { get; init; }

        public float? Weight { get; init; }

        public string Pixels(int side = Side)
        {
            string pixels = Graph.Input("pixels", OnnxType.UInt8, "N", side, side, 3);
            string x = Graph.Cast(Graph.Transpose(pixels, 0, 3, 1, 2), OnnxType.Float);
            x = Graph.Multiply(x, Graph.Constant([0.02f, 0.017f, 0.018f], 1, 3, 1, 1));
            return Graph.Add(x, Graph.Constant([-2.1f, -2f, -1.8f], 1, 3, 1, 1));
        }

        public string Rectified(string value) =>
            Graph.Node("Clip", [value, Graph.Constant([0f], []), Graph.Constant([6f], [])]);

        public string Convolution(string value, int inputs, int kernel, int groups, long stride = 1, long[]? pads = null)
        {
            float[] weights = Values(Channels * inputs / groups * kernel * kernel), bias = Values(Channels);
            if (EmptyChannel) Array.Clear(weights, 0, weights.Length / Channels);
            if (Weight is { } first) weights[0] = first;
            long pad = kernel / 2;
            return Graph.Node("Conv",
                [value, Graph.Constant(weights, Channels, inputs / groups, kernel, kernel), Graph.Constant(bias, Channels)],
                ("kernel_shape", new long[] { kernel, kernel }), ("pads", pads ?? [pad, pad, pad, pad]), ("group", (long)groups),
                ("strides", new[] { stride, stride }));
        }

        public string Matrix(int inputs, int outputs) => Graph.Constant(Values(inputs * outputs), inputs, outputs);

        public string Vector(int size) => Graph.Constant(Values(size), size);

        private float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(_random.NextDouble() * 2 - 0.9))];
    }
}
