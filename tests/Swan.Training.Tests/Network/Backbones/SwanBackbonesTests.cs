using Swan.MLNet;
using System.Text.RegularExpressions;
using Swan.MLNet.Imaging;
using Swan.Training.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Network;

/// <summary>What every backbone of the table owes to the image tower; that its ONNX form agrees is tested with the exporter.</summary>
public sealed class SwanBackbonesTests
{
    public static TheoryData<string> Names => [.. SwanBackbones.Names];

    [Fact]
    public void Names_are_unique_and_those_of_saved_runs_stay()
    {
        Assert.Equal(SwanBackbones.Names, SwanBackbones.Names.Distinct(StringComparer.OrdinalIgnoreCase));
        Assert.All(SwanBackbones.Names, name => Assert.Matches(new Regex("^[a-z0-9_]+$"), name));
        foreach (string name in new[] { "resnet50", "resnet18", "efficientnet_lite0", "small_convnet" })
            Assert.Equal(name, SwanTrainerOptionsJson.Parse($$"""{ "network": { "backbone": "{{name}}" } }""").Network.Backbone);
        Assert.Equal([.. SwanBackbones.Names], SwanBackbones.All.Select(b => b.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Features_have_the_strides_and_channels_that_the_image_tower_expects(string name)
    {
        using var scope = NewDisposeScope();
        using Backbone backbone = SwanBackbones.Find(name).Create();

        BackboneFeatures features = backbone.call(rand(2, 3, 96, 96));

        BackboneShape shape = backbone.Shape;
        Assert.Equal([2, shape.StemChannels, 24, 24], features.Stem.shape);
        Assert.Equal([2, shape.Scale1Channels, 12, 12], features.Scale1.shape);
        Assert.Equal([2, shape.Scale2Channels, 6, 6], features.Scale2.shape);
        Assert.Equal([2, shape.Scale3Channels, 3, 3], features.Scale3.shape);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_checkpoint_has_the_backbone_once_under_its_prefix(string name)
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = Create(name);
        string prefix = SwanBackbones.Find(name).CheckpointName + ".";

        string[] tower = [.. network.state_dict().Keys.Where(k => k.StartsWith("image_encoder.", StringComparison.Ordinal))];
        string[] found = [.. tower.Where(k => k.StartsWith(prefix, StringComparison.Ordinal))];

        Assert.NotEmpty(found);
        Assert.Equal(network.Backbone.state_dict().Keys.Select(k => prefix + k).ToHashSet(), found.ToHashSet());
        Assert.All(tower.Except(found), k => Assert.Matches(new Regex(@"^image_encoder\.(vmsf|conv_filter)\."), k));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frozen_stem_leaves_weights_to_learn_but_for_the_classifier(string name)
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = Create(name);
        network.FreezeStem();
        network.EncodeImages(rand(2, 3, 64, 64)).sum().backward();

        Parameter[] frozen = [.. network.BackboneParameters().Where(p => !p.requires_grad)];
        (string Name, Parameter Parameter)[] learning =
            [.. network.LearningParameters().Where(p => p.Name.StartsWith("image_encoder.", StringComparison.Ordinal))];

        Assert.InRange(frozen.Sum(p => p.numel()), 1, network.BackboneParameters().Sum(p => p.numel()) / 2);
        Assert.All(learning, p => Assert.False(p.Parameter.grad is null, $"{p.Name} has no gradient"));
        Assert.All(frozen, p => Assert.Null(p.grad));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Preprocessing_has_the_side_of_the_network(string name)
    {
        ImagePreprocessing preprocessing = SwanBackbones.PreprocessingFor(new() { Backbone = name, ImageSize = 96 });
        Assert.Equal((96, ImagePreprocessing.SwanImage1), (preprocessing.Size, preprocessing.Contract));
        Assert.Equal((3, 3), (preprocessing.Mean.Count, preprocessing.Std.Count));
        Assert.All(preprocessing.Std, s => Assert.InRange(s, 0.01, 1));
    }

    [Theory]
    [InlineData("resnet34")]
    [InlineData("ResNet50")]
    [InlineData("")]
    [InlineData(null)]
    public void An_unknown_backbone_is_refused_with_the_names_that_are_known(string? name)
    {
        string expected = $"Backbone is '{name}'; expected one of resnet50, resnet18, efficientnet_lite0, small_convnet";
        SwanNetworkOptions options = new() { Backbone = name! };
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => SwanNetwork.Create(options)).Message, StringComparison.Ordinal);
        Assert.Contains(
            expected, Assert.Throws<ArgumentException>(() => SwanBackbones.PreprocessingFor(options)).Message, StringComparison.Ordinal);
        var refused = Assert.Throws<SwanOptionsException>(() => new SwanTrainer(new() { Network = options }));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static SwanNetwork Create(string backbone) => SwanNetwork.Create(new()
    {
        Backbone = backbone, ImageSize = 64, EmbeddingSize = 16, SalientChannels = 4, WsaHeads = 2, WordDimension = 4, VocabularyRows = 10,
    });
}
