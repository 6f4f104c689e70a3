using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Network;

public sealed class SmallConvNetTests
{
    [Fact]
    public void Features_have_the_strides_and_channels_that_the_image_tower_counts_on()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(new() { Backbone = SwanBackbone.SmallConvNet, ImageSize = 96, VocabularyRows = 10 });
        BackboneShape shape = network.Backbone.Shape;
        BackboneFeatures features = network.Backbone.call(rand(2, 3, 96, 96));
        Assert.Equal([2, shape.StemChannels, 24, 24], features.Stem.shape);
        Assert.Equal([2, shape.Scale1Channels, 12, 12], features.Scale1.shape);
        Assert.Equal([2, shape.Scale2Channels, 6, 6], features.Scale2.shape);
        Assert.Equal([2, shape.Scale3Channels, 3, 3], features.Scale3.shape);
        Assert.InRange(network.Backbone.parameters().Sum(p => p.numel()), 1_000_000, 1_300_000);
    }
}
