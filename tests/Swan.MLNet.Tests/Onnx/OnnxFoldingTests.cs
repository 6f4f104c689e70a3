using System.Globalization;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Onnx;

/// <summary>What a graph computes of its constants takes memory when it is opened, before a run has a limit.</summary>
public sealed class OnnxFoldingTests
{
    [Fact]
    public void Many_products_of_small_constants_are_refused()
    {
        TinyOnnx g = TinyModel.ImageTowerInto("embedding").Output("embedding", TinyOnnx.Float, "N", TinyModel.EmbeddingSize)
            .Weights("row", new float[2_000], 1, 2_000).Weights("column", new float[2_000], 2_000, 1);
        for (int i = 0; i < 40; i++)
            g.Weights($"k{i}", [i]).Node("Mul", ["column", $"k{i}"], $"c{i}").Node("Add", [$"c{i}", "row"], $"p{i}");

        Assert.Contains("by computing with constants", Refused(g), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Range", "Shape")]
    [InlineData("Resize", "Cast")]
    [InlineData("Pad", "Identity")]
    public void Operators_whose_size_is_unknown_are_few(string op, string before)
    {
        TinyOnnx g = TinyModel.ImageTowerInto("embedding").Output("embedding", TinyOnnx.Float, "N", TinyModel.EmbeddingSize)
            .Weights("number", [1], 1);
        for (int i = 0; i < 40; i++)
        {
            g.Node(before, ["number"], string.Create(CultureInfo.InvariantCulture, $"a{i}"))
                .Node(op, [$"a{i}", $"a{i}", $"a{i}"], $"b{i}");
        }

        Assert.Contains("by computing with constants", Refused(g), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_short_ranges_of_constants_are_accepted()
    {
        TinyOnnx g = Counting(to: 77);
        for (int i = 0; i < 100; i++) g.Node("Range", ["zero", "to", "one"], $"r{i}").Node("Identity", ["to"], $"to{i}");
        g.Node("Range", ["zero", "to99", "one"], "last");

        using SwanModel model = SwanModel.Open(Create(g));

        Assert.Equal(TinyModel.EmbeddingSize, model.EmbeddingSize);
    }

    [Theory]
    [InlineData(1e9f, 1f)]
    [InlineData(1e3f, 1e-30f)]
    [InlineData(-1e9f, -1f)]
    [InlineData(float.PositiveInfinity, 1f)]
    public void A_long_range_of_constants_is_refused(float to, float step) =>
        Assert.Contains("by computing with constants",
            Refused(Counting(to).Weights("step", [step]).Node("Range", ["zero", "to", "step"], "long")), StringComparison.Ordinal);

    [Fact]
    public void A_range_to_a_number_that_is_computed_counts_as_unknown()
    {
        TinyOnnx g = Counting(to: 30);
        for (int i = 0; i < 33; i++) g.Node("Exp", ["to"], $"e{i}").Node("Range", ["zero", $"e{i}", "one"], $"r{i}");

        Assert.Contains("by computing with constants", Refused(g), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_before_what_it_takes_is_refused()
    {
        TinyOnnx g = TinyModel.ImageTowerInto("embedding").Output("embedding", TinyOnnx.Float, "N", TinyModel.EmbeddingSize)
            .Node("Cast", ["late"], "early", ("to", 1L)).Weights("number", [1], 1).Node("Identity", ["number"], "late");

        Assert.Contains("uses the value 'late' before a node produces it", Refused(g), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_cast_and_turned_are_accepted()
    {
        TinyOnnx g = TinyModel.ImageTowerInto("embedding").Output("embedding", TinyOnnx.Float, "N", TinyModel.EmbeddingSize);
        for (int i = 0; i < 20; i++)
        {
            g.Weights($"w{i}", new float[100_000], 400, 250).Weights($"scale{i}", [2])
                .Node("Cast", [$"w{i}"], $"cast{i}", ("to", 1L)).Node("Mul", [$"cast{i}", $"scale{i}"], $"scaled{i}")
                .Node("Transpose", [$"scaled{i}"], $"turned{i}");
        }

        Create(g);
    }

    private static TinyOnnx Counting(float to) =>
        TinyModel.ImageTowerInto("embedding").Output("embedding", TinyOnnx.Float, "N", TinyModel.EmbeddingSize)
            .Weights("zero", [0]).Weights("one", [1]).Weights("to", [to]);

    private static string Refused(TinyOnnx image) => Assert.Throws<SwanFormatException>(() => Create(image)).Message;

    private static SwanModelFile Create(TinyOnnx image) =>
        SwanModelFile.Create("folded.swan", TinyModel.Card, image.Build(), TinyModel.TextOnnx, TinyModel.Vocabulary);
}
