using Swan.MLNet;
using Swan.Training.Network;
using Swan.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Weights;

public sealed class BackboneWeightsTests : IDisposable
{
    private static readonly SwanNetworkOptions Resnet = new()
    {
        Backbone = "resnet18", ImageSize = 64, EmbeddingSize = 16, SalientChannels = 4, WsaHeads = 2,
        VocabularyRows = 10, WordDimension = 4,
    };
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("torchvision")]
    [InlineData("without the head and the counts")]
    [InlineData("a whole network")]
    public void A_resnet_is_loaded_from(string layout)
    {
        using SwanNetwork source = SwanNetwork.Create(Resnet, seed: 1), target = SwanNetwork.Create(Resnet, seed: 2);
        Dictionary<string, Tensor> state = layout == "a whole network" ? source.state_dict() : source.Backbone.state_dict();
        if (layout == "without the head and the counts")
        {
            state = state.Where(t => !t.Key.StartsWith("fc.", StringComparison.Ordinal)
                && !t.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToDictionary(t => t.Key, t => t.Value);
        }
        float[] head = Values(target, "fc.weight"), aggregation = [.. target.state_dict()["agg.fc_1.weight"].data<float>()];
        SafeTensors.Write(_folder.File("w.safetensors"), state);

        BackboneWeights.Load(target, _folder.File("w.safetensors"));

        foreach (string name in source.Backbone.state_dict().Keys
            .Where(n => !n.StartsWith("fc.", StringComparison.Ordinal) && !n.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
            Assert.Equal(Values(source, name), Values(target, name));
        Assert.Equal(head, Values(target, "fc.weight"));
        Assert.Equal(aggregation, target.state_dict()["agg.fc_1.weight"].data<float>().ToArray()); // nothing but the backbone
    }

    [Fact]
    public void Everything_that_does_not_fit_is_named_and_nothing_is_loaded()
    {
        using SwanNetwork network = SwanNetwork.Create(Resnet, seed: 1);
        float[] before = Values(network, "bn1.weight");
        Dictionary<string, Tensor> state = SwanNetwork.Create(Resnet, seed: 2).Backbone.state_dict();
        state.Remove("layer1.0.conv1.weight");
        state["conv1.weight"] = zeros(64, 3, 3, 3);
        state["layer9.weight"] = zeros(1);
        SafeTensors.Write(_folder.File("w.safetensors"), state);

        var e = Assert.Throws<SwanMismatchException>(() => BackboneWeights.Load(network, _folder.File("w.safetensors")));
        Assert.Contains("the backbone resnet18, so no weight was loaded; 3 problems:", e.Message, StringComparison.Ordinal);
        Assert.Contains("'layer1.0.conv1.weight' (64×64×3×3) is missing", e.Message, StringComparison.Ordinal);
        Assert.Contains("'conv1.weight' is 64×3×3×3, but the backbone's is 64×3×7×7", e.Message, StringComparison.Ordinal);
        Assert.Contains("'layer9.weight' is not part of the backbone", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Values(network, "bn1.weight"));
    }

    [Fact]
    public void Other_names_of_batch_norm_are_known()
    {
        SwanNetworkOptions lite = Resnet with { Backbone = "efficientnet_lite0" };
        using SwanNetwork source = SwanNetwork.Create(lite, seed: 1), target = SwanNetwork.Create(lite, seed: 2);
        Dictionary<string, Tensor> state = source.Backbone.state_dict().ToDictionary(
            t => t.Key.Replace(".bn.weight", ".bn.scale", StringComparison.Ordinal)
                .Replace(".bn.running_mean", ".bn.mean", StringComparison.Ordinal)
                .Replace(".bn.running_var", ".bn.variance", StringComparison.Ordinal), t => t.Value);
        state["classifier.weight"] = zeros(1000, 1280);
        Assert.Contains(state.Keys, k => k.EndsWith(".bn.scale", StringComparison.Ordinal));
        foreach (Tensor statistic in state.Where(t => t.Key.EndsWith(".bn.mean", StringComparison.Ordinal)).Select(t => t.Value))
            statistic.fill_(3);
        SafeTensors.Write(_folder.File("w.safetensors"), state);

        BackboneWeights.Load(target, _folder.File("w.safetensors"));

        foreach (string name in source.Backbone.state_dict().Keys.Where(n => !n.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
            Assert.Equal(Values(source, name), Values(target, name));
    }

    private static float[] Values(SwanNetwork network, string name) => [.. network.Backbone.state_dict()[name].data<float>()];
}
