using System.Text.Json;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Network;

/// <summary>The reference variant against what the authors' implementation answers.</summary>
public sealed class GoldenForwardTests
{
    private const double Tolerance = 1e-4;

    [Fact]
    public void The_state_has_exactly_the_published_checkpoints_names_shapes_and_sums()
    {
        using SwanNetwork network = FormulaNetwork.Create(FormulaNetwork.Reference);
        var state = network.state_dict()
            .Where(s => !s.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .ToDictionary(s => s.Key, s => s.Value);
        JsonElement golden = Golden.Forward.GetProperty("state");

        Assert.Equal(golden.EnumerateObject().Select(p => p.Name).Order(), state.Keys.Order());
        foreach (JsonProperty expected in golden.EnumerateObject())
        {
            Assert.Equal(expected.Value.GetProperty("shape").Longs(), state[expected.Name].shape);
            double sum = expected.Value.GetProperty("abs_sum").GetDouble();
            Assert.Equal(sum, state[expected.Name].abs().sum(ScalarType.Float64).item<double>(), tolerance: Tolerance * Math.Max(1, sum));
        }

        Assert.Equal(Golden.Forward.GetProperty("parameters").GetInt64(), network.parameters().Sum(p => p.numel()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_get_the_same_vectors(bool photographs)
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = FormulaNetwork.Create(FormulaNetwork.Reference);
        using IDisposable _ = no_grad();
        Tensor embeddings = network.EncodeImages(FormulaNetwork.Images(photographs));
        JsonElement[] expected = [.. Golden.Forward.GetProperty("image_embedding").EnumerateArray()];
        for (int i = 0; i < embeddings.shape[0]; i++)
            Assert.InRange(Golden.RelativeDifference(expected[i].Floats(), embeddings[i].data<float>().ToArray()), 0, Tolerance);
    }

    [Fact]
    public void A_caption_alone_gets_the_same_vector()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = FormulaNetwork.Create(FormulaNetwork.Reference);
        using IDisposable _ = no_grad();
        foreach ((JsonElement ids, JsonElement expected) in Golden.Forward.GetProperty("captions")
            .EnumerateArray()
            .Zip(Golden.Forward.GetProperty("text_embedding_single").EnumerateArray()))
        {
            (Tensor id, Tensor length) = FormulaNetwork.Captions([ids.Longs()]);
            Assert.InRange(
                Golden.RelativeDifference(expected.Floats(), network.EncodeCaptions(id, length)[0].data<float>().ToArray()), 0, Tolerance);
        }
    }

    [Fact]
    public void Captions_in_one_padded_batch_get_the_same_vectors()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = FormulaNetwork.Create(FormulaNetwork.Reference);
        using IDisposable _ = no_grad();
        (Tensor ids, Tensor lengths) =
            FormulaNetwork.Captions([.. Golden.Forward.GetProperty("captions").EnumerateArray().Select(c => c.Longs())]);
        Tensor embeddings = network.EncodeCaptions(ids, lengths);
        JsonElement[] expected = [.. Golden.Forward.GetProperty("text_embedding_padded").EnumerateArray()];
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(Golden.RelativeDifference(expected[i].Floats(), embeddings[i].data<float>().ToArray()), 0, Tolerance);
    }
}
