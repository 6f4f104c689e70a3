using Swan.MLNet.Onnx;
using Swan.Training.Export;
using static Swan.Training.Tests.Export.IntegerTowers;

namespace Swan.Training.Tests.Export;

public sealed class Int8ArithmeticTests
{
    private const int Channels = IntegerTowers.Channels;

    [Fact]
    public void Rectifiers_become_the_lower_end_of_a_range()
    {
        byte[] integer = Rewrite(Convolutions());

        var graph = new TowerGraph(integer);
        Assert.DoesNotContain(graph.Nodes, n => n.Op is "Clip" or "Relu");
        Assert.All(graph.Nodes.Where(n => n.Op == "Conv"), n => Assert.Equal("DequantizeLinear", graph.Maker(n.Inputs[0])!.Op));
    }

    [Fact]
    public void Scaling_of_pixels_becomes_a_convolution_of_bytes()
    {
        var graph = new TowerGraph(Rewrite(Convolutions()));

        Assert.DoesNotContain(graph.Nodes, n => n.Op is "Cast" or "Mul");
    }

    [Fact]
    public void Integers_give_nearly_the_values_of_float32()
    {
        byte[] tower = Convolutions(), integer = Rewrite(tower);

        float[] expected = Run(tower, Pixels(7, 3)), found = Run(integer, Pixels(7, 3));

        float largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05f * largest));
        Assert.NotEqual(expected, found);
    }

    [Fact]
    public void A_row_has_the_same_values_alone_and_in_a_batch()
    {
        byte[] integer = Rewrite(Convolutions()), pixels = Pixels(8, 5);

        float[] together = Run(integer, pixels);

        int row = pixels.Length / 5, values = together.Length / 5;
        for (int i = 0; i < 5; i++)
            Assert.Equal(together[(i * values)..((i + 1) * values)], Run(integer, pixels[(i * row)..((i + 1) * row)]));
    }

    [Fact]
    public void The_same_input_gives_the_same_graph()
    {
        Assert.Equal(Rewrite(Convolutions()), Rewrite(Convolutions()));
    }

    [Fact]
    public void Matrices_have_seven_bits_and_depthwise_kernels_eight()
    {
        byte[] integer = Rewrite(Convolutions());

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
        byte[] tower = Convolutions(emptyChannel: true);

        float[] expected = Run(tower, Pixels(9, 1)), found = Run(Rewrite(tower), Pixels(9, 1));

        float largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05f * largest));
    }

    [Fact]
    public void Calibration_without_inputs_is_an_error()
    {
        var fault = Assert.Throws<ArgumentException>(() => Int8Arithmetic.Rewrite(
            Convolutions(), (graph, values) => ActivationRanges.Measure(graph, values, [], CancellationToken.None)));

        Assert.Contains("at least one batch", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_have_the_range_of_bytes_whatever_calibration_showed()
    {
        byte[] white = [.. Enumerable.Repeat((byte)255, Pixels(0, 1).Length)];
        byte[] integer = Rewrite(Convolutions(), white);

        Constants read = Constants.Of(integer);
        string step = read.Names.Single(name => name.EndsWith("_step", StringComparison.Ordinal)
            && read.Names.Contains(name.Replace("_step", "_pixels_step", StringComparison.Ordinal)));
        // Channels reach from -2.1, -2.0 and -1.8 to 3.0, 2.335 and 2.79.
        Assert.Equal((3.0f + 2.1f) / 255, read.Single(step), 1e-6f);
    }

    [Fact]
    public void A_value_that_is_no_number_is_refused_by_its_name()
    {
        var fault = Assert.Throws<SwanTrainingException>(() => Rewrite(Convolutions(weight: float.NaN)));

        Assert.Matches("the value 'Clip_[0-9]+' of 'Clip' ranges from NaN to NaN|the value 'Conv_[0-9]+'", fault.Message);
        Assert.Contains("expected finite numbers", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Conv")]
    [InlineData("Clip")]
    [InlineData("Add")]
    public void What_a_graph_gives_keeps_its_name_and_is_not_made_of_bytes(string maker)
    {
        byte[] tower = Convolutions();
        var graph = new TowerGraph(tower);
        foreach (OnnxNode node in graph.Nodes.Where(n => n.Op == maker))
        {
            byte[] also = graph.Showing([node.Outputs[0]]), integer = Rewrite(also);

            float[] expected = Run(also, Pixels(7, 3), node.Outputs[0]), found = Run(integer, Pixels(7, 3), node.Outputs[0]);
            float largest = expected.Max(Math.Abs);
            Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.1f * largest));
        }
    }

    [Fact]
    public void One_channel_in_one_group_is_no_depthwise_kernel()
    {
        var g = new OnnxGraph("tower");
        string pixels = g.Input("pixels", OnnxType.UInt8, "N", IntegerTowers.Side, IntegerTowers.Side, 3);
        string all = g.Cast(g.Transpose(pixels, 0, 3, 1, 2), OnnxType.Float);
        string gray = g.Node("Slice", [all, g.Integers(0), g.Integers(1), g.Integers(1)]);
        string y = g.Node("Conv", [gray, g.Constant([1f, -0.3f, 0.2f, 0.7f], 4, 1, 1, 1), g.Constant([0f, 1f, 2f, 3f], 4)],
            ("kernel_shape", new long[] { 1, 1 }));
        g.Output("embedding", g.Mean(y, 2, 3), OnnxType.Float, "N", 4);

        Assert.Equal(63, Constants.Of(Rewrite(g.Build())).LargestInt8);
    }

    [Fact]
    public void A_large_bias_takes_what_the_coarser_steps_of_its_channel_lose()
    {
        const float Bias = 1e6f, Weight = 0.05f;
        var g = new OnnxGraph("tower");
        string pixels = g.Input("pixels", OnnxType.UInt8, "N", IntegerTowers.Side, IntegerTowers.Side, 3);
        string x = g.Cast(g.Transpose(pixels, 0, 3, 1, 2), OnnxType.Float);
        string scaled = g.Multiply(x, g.Constant([0.01f, 0.01f, 0.01f], 1, 3, 1, 1));
        string y = g.Node("Conv", [scaled, g.Constant([Weight, Weight, Weight], 1, 3, 1, 1), g.Constant([Bias], 1)],
            ("kernel_shape", new long[] { 1, 1 }));
        g.Output("embedding", g.Mean(y, 2, 3), OnnxType.Float, "N", 1);

        Constants read = Constants.Of(Rewrite(g.Build(), [.. Enumerable.Repeat((byte)200, Pixels(0, 1).Length)]));

        // Each step is worth 0.02, so the weights are 0 and the bias has what they gave: three times 0.05 times 2.
        string bias = read.Names.Single(name => name.EndsWith("_bias_stored", StringComparison.Ordinal));
        double stored = read.Int32(bias) * (double)read.Single(bias.Replace("_stored", "_step", StringComparison.Ordinal));
        Assert.Equal(0, read.LargestInt8);
        Assert.Equal(Bias + 3 * Weight * 2, stored, 0.05);
    }
}
