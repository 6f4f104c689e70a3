using System.Text.Json;
using SkiaSharp;
using Swan.Training.Network;
using Swan.Training.Weights;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Network;

public sealed class EfficientNetLite0Tests
{
    [Theory]
    [InlineData("cat.png")]
    [InlineData("bird.png")]
    [InlineData("grace_hopper.png")]
    public void Pretrained_weights_give_the_expected_features_and_logits(string picture)
    {
        string weights = SharedFolder.Weights("efficientnet_lite0_imagenet.safetensors");
        JsonElement expected =
            JsonDocument.Parse(File.ReadAllText(SharedFolder.Weights("efficientnet_lite0_imagenet.expected.json"))).RootElement;
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(new() { Backbone = "efficientnet_lite0", ImageSize = 224, VocabularyRows = 10 });
        BackboneWeights.Load(network, weights);
        network.eval();

        using IDisposable _ = no_grad();
        Tensor features = network.Backbone.call(Pixels(SharedFolder.Weights(picture))).Scale3.mean([2, 3]);
        IReadOnlyDictionary<string, Tensor> file = SafeTensors.Read(weights);
        float[] logits = [.. nn.functional.linear(features, file["classifier.weight"], file["classifier.bias"])[0].data<float>()];

        JsonElement golden = expected.EnumerateArray().Single(e => e.GetProperty("image").GetString() == picture);
        float[] mean = [.. features[0].data<float>()];
        int[] top = [.. Enumerable.Range(0, logits.Length).OrderByDescending(i => logits[i]).Take(3)];
        Assert.Equal(golden.GetProperty("top3").EnumerateArray().Select(v => v.GetInt32()), top);
        Assert.InRange(Golden.RelativeDifference(golden.GetProperty("logits_top3").Floats(), [.. top.Select(i => logits[i])]), 0, 1e-4);
        Assert.InRange(Golden.RelativeDifference(golden.GetProperty("features_mean_first4").Floats(), mean.AsSpan(0, 4)), 0, 1e-4);
        Assert.Equal(golden.GetProperty("features_norm").GetDouble(), Math.Sqrt(mean.Sum(v => (double)v * v)), tolerance: 1e-3);
    }

    [Fact]
    public void With_fixed_statistics_results_and_gradients_are_those_of_a_normalization_after_each_convolution()
    {
        using var scope = NewDisposeScope();
        using SwanNetwork network = SwanNetwork.Create(new() { Backbone = "efficientnet_lite0", ImageSize = 64, VocabularyRows = 10 });
        Dictionary<string, Tensor> state = network.state_dict();
        using (no_grad())
        {
            foreach ((string name, Tensor value) in state.Where(
                t => t.Key.StartsWith("image_encoder.lite0.stem.bn.", StringComparison.Ordinal) && t.Value.is_floating_point()))
                value.add_(tensor(FormulaWeights.Uniform(name, (int)value.numel())).abs());
        }

        network.SetBackboneBatchNorm(train: false);
        network.train();
        Tensor pixels = tensor(FormulaWeights.Uniform("pixels", 2 * 3 * 64 * 64)).view(2, 3, 64, 64);
        string[] learned = ["image_encoder.lite0.stem.weight", "image_encoder.lite0.stem.bn.weight", "image_encoder.lite0.stem.bn.bias"];

        // Only the first convolution differs between the two; what follows is the network itself.
        Tensor[] leaves = [.. learned.Select(name => state[name].detach().clone().requires_grad_(true))];
        Tensor first = nn.functional.conv2d(nn.functional.pad(pixels, [0, 1, 0, 1]), leaves[0], strides: [2, 2]);
        first = nn.functional.batch_norm(first, state["image_encoder.lite0.stem.bn.running_mean"],
            state["image_encoder.lite0.stem.bn.running_var"], leaves[1], leaves[2], training: false, eps: 1e-3);
        Tensor weights = tensor(FormulaWeights.Uniform("weights", (int)first.numel())).view(first.shape);
        (first * weights).sum().backward();

        Tensor folded = network.Backbone.named_children().Single(c => c.name == "stem").module is nn.Module<Tensor, Tensor> stem
            ? stem.call(pixels)
            : throw new InvalidOperationException();
        (folded * weights).sum().backward();

        Assert.True(folded.allclose(first, atol: 1e-4));
        for (int i = 0; i < learned.Length; i++)
            Assert.True(network.get_parameter(learned[i])!.grad!.allclose(leaves[i].grad!, rtol: 1e-3, atol: 1e-3), learned[i]);
    }

    private static Tensor Pixels(string path)
    {
        using SKBitmap bitmap = SKBitmap.Decode(path);
        float[] values = [.. bitmap.Pixels.SelectMany(p => new[] { p.Red, p.Green, p.Blue }).Select(v => (v - 127f) / 128f)];
        return tensor(values).view(1, bitmap.Height, bitmap.Width, 3).permute(0, 3, 1, 2).contiguous();
    }
}
