using Microsoft.ML.OnnxRuntime;
using Swan.MLNet.Onnx;
using Swan.Training.Export;

namespace Swan.Training.Tests.Export;

public sealed class Int8ArithmeticTests
{
    private const int Side = 8, Channels = 4;

    [Fact]
    public void Rectifiers_become_the_lower_end_of_a_range()
    {
        byte[] integer = Rewrite(Tower());

        var graph = new TowerGraph(integer);
        Assert.DoesNotContain(graph.Nodes, n => n.Op is "Clip" or "Relu");
        Assert.All(graph.Nodes.Where(n => n.Op == "Conv"), n => Assert.Equal("DequantizeLinear", graph.Maker(n.Inputs[0])!.Op));
    }

    [Fact]
    public void Scaling_of_pixels_becomes_a_convolution_of_bytes()
    {
        var graph = new TowerGraph(Rewrite(Tower()));

        Assert.DoesNotContain(graph.Nodes, n => n.Op is "Cast" or "Mul");
    }

    [Fact]
    public void Integers_give_nearly_the_values_of_float32()
    {
        byte[] tower = Tower(), integer = Rewrite(tower);

        float[] expected = Run(tower, Pixels(7, 3)), found = Run(integer, Pixels(7, 3));

        float largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05f * largest));
        Assert.NotEqual(expected, found);
    }

    [Fact]
    public void A_row_has_the_same_values_alone_and_in_a_batch()
    {
        byte[] integer = Rewrite(Tower()), pixels = Pixels(8, 5);

        float[] together = Run(integer, pixels);

        int row = pixels.Length / 5, values = together.Length / 5;
        for (int i = 0; i < 5; i++)
            Assert.Equal(together[(i * values)..((i + 1) * values)], Run(integer, pixels[(i * row)..((i + 1) * row)]));
    }

    [Fact]
    public void The_same_input_gives_the_same_graph()
    {
        Assert.Equal(Rewrite(Tower()), Rewrite(Tower()));
    }

    [Fact]
    public void Matrices_have_seven_bits_and_depthwise_kernels_eight()
    {
        byte[] integer = Rewrite(Tower());

        var largest = new Dictionary<long, int>();
        for (var model = new ProtobufFields(integer); model.Next();)
        {
            if (model.Number != 7) continue;
            for (var graph = new ProtobufFields(model.Bytes); graph.Next();)
            {
                if (graph.Number != 5) continue;
                var tensor = new OnnxTensor(graph.Bytes);
                if (tensor.Type != OnnxType.Int8) continue;
                int most = 0;
                foreach (byte b in tensor.Bytes) most = Math.Max(most, Math.Abs((int)(sbyte)b));
                largest[tensor.Sides[1]] = Math.Max(largest.GetValueOrDefault(tensor.Sides[1]), most);
            }
        }

        Assert.InRange(largest[Channels], 32, 63);
        Assert.InRange(largest[1], 64, 127);
    }

    [Fact]
    public void A_channel_without_weights_keeps_its_bias()
    {
        byte[] tower = Tower(emptyChannel: true);

        float[] expected = Run(tower, Pixels(9, 1)), found = Run(Rewrite(tower), Pixels(9, 1));

        float largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05f * largest));
    }

    [Fact]
    public void Calibration_without_inputs_is_an_error()
    {
        var fault = Assert.Throws<ArgumentException>(() => Int8Arithmetic.Rewrite(
            Tower(), (graph, values) => ActivationRanges.Measure(graph, values, [], CancellationToken.None)));

        Assert.Contains("at least one batch", fault.Message, StringComparison.Ordinal);
    }

    private static byte[] Rewrite(byte[] tower) => Int8Arithmetic.Rewrite(tower, (graph, values) => ActivationRanges.Measure(
        graph, values,
        Enumerable.Range(0, 4).Select(i => new Dictionary<string, OrtValue> { ["pixels"] = Tensor(Pixels(i, 4)) }),
        CancellationToken.None));

    // As the image towers: scaled pixels, a kernel, a depthwise one with a rectifier, a sum, a mean.
    private static byte[] Tower(bool emptyChannel = false)
    {
        var random = new Random(1);
        var g = new OnnxGraph("tower");
        string pixels = g.Input("pixels", OnnxType.UInt8, "N", Side, Side, 3);
        string x = g.Cast(g.Transpose(pixels, 0, 3, 1, 2), OnnxType.Float);
        x = g.Multiply(x, g.Constant([0.02f, 0.017f, 0.018f], 1, 3, 1, 1));
        x = g.Add(x, g.Constant([-2.1f, -2f, -1.8f], 1, 3, 1, 1));
        string y = Rectified(Convolution(x, 3, 3, 1));
        string z = Rectified(Convolution(y, Channels, 3, Channels));
        string sum = g.Add(Convolution(z, Channels, 1, 1), Convolution(y, Channels, 1, 1));
        g.Output("embedding", g.Mean(sum, 2, 3), OnnxType.Float, "N", Channels);
        return g.Build();

        string Rectified(string value) => g.Node("Clip", [value, g.Constant([0f], []), g.Constant([6f], [])]);

        string Convolution(string value, int inputs, int kernel, int groups)
        {
            float[] weights = Values(Channels * inputs / groups * kernel * kernel), bias = Values(Channels);
            if (emptyChannel) Array.Clear(weights, 0, weights.Length / Channels);
            long pad = kernel / 2;
            return g.Node("Conv",
                [value, g.Constant(weights, Channels, inputs / groups, kernel, kernel), g.Constant(bias, Channels)],
                ("kernel_shape", new long[] { kernel, kernel }), ("pads", new[] { pad, pad, pad, pad }), ("group", (long)groups));
        }

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 0.9))];
    }

    private static byte[] Pixels(int seed, int images)
    {
        byte[] pixels = new byte[images * Side * Side * 3];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    private static OrtValue Tensor(byte[] pixels) =>
        OrtValue.CreateTensorValueFromMemory(pixels, [pixels.Length / (Side * Side * 3), Side, Side, 3]);

    private static float[] Run(byte[] model, byte[] pixels)
    {
        using var session = new InferenceSession(model);
        using var run = new RunOptions();
        using OrtValue input = Tensor(pixels);
        using var outputs = session.Run(run, new Dictionary<string, OrtValue> { ["pixels"] = input }, ["embedding"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
