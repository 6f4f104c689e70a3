using Swan.MLNet.Datasets;
using Swan.Training.Network;
using Swan.Training.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Training;

/// <summary>What of the backbone moves while training.</summary>
public sealed class BackboneTests : IDisposable
{
    // The tiny runs of other tests have a backbone that can't be frozen.
    private static readonly SwanTrainerOptions s_options =
        TinyRun.Options with { Network = TinyRun.Options.Network with { Backbone = "efficientnet_lite0" } };

    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;

    public BackboneTests() => _data = TinyData.Open(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, BatchNormMode.Train, false, true)] // the paper
    [InlineData(true, BatchNormMode.Eval, false, false)]
    [InlineData(false, BatchNormMode.Train, true, true)]
    [InlineData(false, BatchNormMode.Eval, true, false)]
    public void Weights_move_unless_frozen_and_statistics_unless_fixed(
        bool frozen, BatchNormMode statistics, bool weightsMove, bool statisticsMove)
    {
        SwanTrainerOptions options = s_options with
        {
            Epochs = 1,
            FreezeBackbone = frozen,
            BatchNormMode = statistics,
            BackboneWeights = TinyRun.WriteBackbone(
                _folder.File("backbone.safetensors"), s_options.Network, seed: s_options.Seed),
        };
        TrainingResult result = TinyRun.Train(options, _data, _folder.File("run"));

        using var scope = NewDisposeScope();
        using SwanNetwork before = SwanNetwork.Create(result.Run.Options.Network, options.Seed);
        IReadOnlyDictionary<string, Tensor> after = SafeTensors.Read(Path.Combine(result.Run.Folder, "last", "network.safetensors"));
        const string backbone = "image_encoder.lite0.";
        foreach ((string name, Tensor value) in before.state_dict().Where(t => t.Value.is_floating_point()))
        {
            bool moved = !value.equal(after[name]).all().item<bool>();
            if (name.StartsWith(backbone, StringComparison.Ordinal))
            {
                Assert.True(moved == (name.Contains("running_", StringComparison.Ordinal) ? statisticsMove : weightsMove),
                    $"{name} {(moved ? "moved" : "stayed")}");
            }
            else
                Assert.True(moved || name.StartsWith("text_encoder.projection", StringComparison.Ordinal), $"{name} stayed");
        }
    }

    [Theory]
    [InlineData("efficientnet_lite0", "image_encoder.lite0.stem.", "image_encoder.lite0.blocks.0.", "image_encoder.lite0.blocks.2.")]
    [InlineData("resnet18", "image_encoder.resnet.conv1.", "image_encoder.resnet.bn1.")]
    [InlineData("small_convnet", "image_encoder.small_convnet.stem.")]
    public void Under_a_frozen_stem_the_weights_behind_it_move(string backbone, params string[] stem)
    {
        SwanTrainerOptions options = s_options with
        {
            Epochs = 1,
            FreezeBackbone = false,
            FreezeStem = true,
            Network = s_options.Network with { Backbone = backbone },
        };
        options = options with
        {
            BackboneWeights = TinyRun.WriteBackbone(_folder.File("backbone.safetensors"), options.Network, options.Seed),
        };
        TrainingResult result = TinyRun.Train(options, _data, _folder.File("run"));

        using var scope = NewDisposeScope();
        using SwanNetwork before = SwanNetwork.Create(result.Run.Options.Network, options.Seed);
        IReadOnlyDictionary<string, Tensor> after = SafeTensors.Read(Path.Combine(result.Run.Folder, "last", "network.safetensors"));
        Assert.All(stem, name => Assert.Contains(before.state_dict().Keys, key => key.StartsWith(name, StringComparison.Ordinal)));
        foreach ((string name, Parameter value) in before.LearningParameters()
            .Where(p => p.Name.StartsWith("image_encoder.", StringComparison.Ordinal)))
        {
            bool kept = stem.Any(s => name.StartsWith(s, StringComparison.Ordinal))
                || name.StartsWith("image_encoder.lite0.blocks.1.", StringComparison.Ordinal);
            Assert.True(kept == value.equal(after[name]).all().item<bool>(), $"{name} {(kept ? "moved" : "stayed")}");
        }
    }

    public static TheoryData<string> Names => [.. SwanBackbones.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_backbone_learns_and_comes_back_from_its_run(string backbone)
    {
        SwanTrainerOptions options = s_options with
        {
            FreezeBackbone = false, Network = s_options.Network with { Backbone = backbone },
        };

        TrainingResult result = TinyRun.TrainSteps(2, options, _data, _folder.File("run"));

        using var scope = NewDisposeScope();
        using SwanNetwork before = SwanNetwork.Create(result.Run.Options.Network, options.Seed);
        using SwanNetwork after = SwanRun.Open(result.Run.Folder).LoadBest();
        Dictionary<string, Tensor> learned = after.state_dict();
        Assert.All(before.LearningParameters().Where(p => p.Name.StartsWith("image_encoder.", StringComparison.Ordinal)),
            p => Assert.False(p.Parameter.equal(learned[p.Name]).all().item<bool>(), $"{p.Name} stayed"));
    }

    [Fact]
    public void The_backbone_starts_from_the_weights_that_are_given()
    {
        string weights = TinyRun.WriteBackbone(_folder.File("backbone.safetensors"), s_options.Network);
        using var scope = NewDisposeScope();

        TrainingResult result = TinyRun.Train(
            s_options with { Epochs = 1, BackboneWeights = weights, FreezeBackbone = true }, _data, _folder.File("run"));

        IReadOnlyDictionary<string, Tensor> given = SafeTensors.Read(weights), trained = SafeTensors.Read(result.Run.BestWeights);
        foreach ((string name,
            Tensor value) in given.Where(t => !t.Key.Contains("running_", StringComparison.Ordinal) && t.Value.is_floating_point()))
            Assert.True(value.equal(trained["image_encoder.lite0." + name]).all().item<bool>(), name);
        Assert.Equal(Path.GetFullPath(weights), SwanRun.Open(result.Run.Folder).Options.BackboneWeights);
    }

    [Theory]
    [InlineData("resnet50", true, false, "FreezeBackbone is set: the weights of resnet50 would not learn")]
    [InlineData("small_convnet", true, false, "FreezeBackbone is set: the weights of small_convnet would not learn")]
    [InlineData("efficientnet_lite0", false, true, "FreezeStem is set: the stem of efficientnet_lite0 would not learn")]
    public void Random_weights_that_would_not_learn_are_refused(string backbone, bool frozen, bool frozenStem, string fault)
    {
        SwanTrainerOptions options = s_options with
        {
            FreezeBackbone = frozen, FreezeStem = frozenStem, Network = s_options.Network with { Backbone = backbone },
        };
        string message = Assert.Throws<MLNet.SwanOptionsException>(() => TinyRun.Train(options, _data, _folder.File("run"))).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.Contains("--backbone-weights FILE", message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.File("run")));
    }

    [Theory]
    [InlineData("efficientnet_lite0"), InlineData("resnet18"), InlineData("resnet50"), InlineData("small_convnet")]
    public void A_file_of_weights_tells_its_backbone(string backbone) => Assert.Equal(backbone, BackboneWeights.BackboneOf(
        TinyRun.WriteBackbone(_folder.File("backbone.safetensors"), s_options.Network with { Backbone = backbone })));

    [Fact]
    public void Weights_of_another_backbone_leave_no_run_behind_and_images_that_cannot_be_read_neither()
    {
        string weights = _folder.File("backbone.safetensors"), run = _folder.File("run");
        using (var scope = NewDisposeScope()) SafeTensors.Write(weights, new Dictionary<string, Tensor> { ["conv1.weight"] = zeros(3) });
        Assert.Throws<MLNet.SwanMismatchException>(() => TinyRun.Train(s_options with { BackboneWeights = weights }, _data, run));

        string image = _data.Train.Images[4].ImagePath;
        byte[] whole = File.ReadAllBytes(image);
        File.WriteAllBytes(image, whole[..100]);
        var e = Assert.Throws<SwanDataException>(() => TinyRun.Train(s_options, _data, run));
        Assert.Contains("beach_4.png", e.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(run));

        File.WriteAllBytes(image, whole);
        TinyRun.Train(s_options with { Epochs = 1 }, _data, run);
    }
}
