using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Network;

public sealed class SmallConvNetTests
{
    [Fact]
    public void It_has_a_million_parameters()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(new() { Backbone = "small_convnet", ImageSize = 96, VocabularyRows = 10 });
        Assert.InRange(network.Backbone.parameters().Sum(p => p.numel()), 1_000_000, 1_300_000);
    }
}
