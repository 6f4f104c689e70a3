using Swan.Training.Export;
using static Swan.Training.Tests.Export.IntegerTowers;

namespace Swan.Training.Tests.Export;

public sealed class IntegerProductsTests
{
    private readonly byte[] _tower = Products();
    private readonly byte[] _integer = Rewrite(Products());

    [Fact]
    public void A_product_is_of_integers_where_it_widens_rows_of_three_sides()
    {
        var graph = new TowerGraph(_integer);

        OnnxNode[] products = [.. graph.Nodes.Where(n => n.Op == "MatMul")];
        Assert.Equal(4, products.Length);
        string[] weights = [.. products.Where(n => graph.Maker(n.Inputs[1])?.Op == "DequantizeLinear").Select(n => n.Inputs[1])];
        // Neither the pooling one of 16 values, nor the narrowing one, nor that of two sides.
        Assert.Single(weights);
        OnnxNode dequantized = graph.Maker(weights[0])!;
        Assert.Equal([Inner, Wide], Constants.Of(_integer).Sides(dequantized.Inputs[0]).Select(side => (int)side));
        Assert.Equal(1, dequantized.Integer("axis", otherwise: -1));
        Assert.Equal([Wide], Constants.Of(_integer).Sides(dequantized.Inputs[1]).Select(side => (int)side));
    }

    [Fact]
    public void An_enlarged_value_has_the_steps_of_what_is_enlarged()
    {
        var graph = new TowerGraph(_integer);
        Constants constants = Constants.Of(_integer);

        OnnxNode resize = Assert.Single(graph.Nodes, n => n.Op == "Resize");
        OnnxNode before = graph.Maker(resize.Inputs[0])!, after = graph.Readers(resize.Outputs[0]).Single();
        Assert.Equal(("DequantizeLinear", "QuantizeLinear"), (before.Op, after.Op));
        for (int i = 1; i <= 2; i++) Assert.Equal(constants.Bytes(before.Inputs[i]), constants.Bytes(after.Inputs[i]));
    }

    [Fact]
    public void Products_of_integers_give_nearly_the_values_of_float32()
    {
        float[] expected = Run(_tower, Pixels(7, 3)), found = Run(_integer, Pixels(7, 3));

        float largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05f * largest));
        Assert.NotEqual(expected, found);
    }
}
