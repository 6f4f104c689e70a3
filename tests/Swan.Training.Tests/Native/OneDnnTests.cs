using Swan.Training.Native;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Native;

public sealed class OneDnnTests
{
    [Fact]
    public void The_check_before_a_training_passes_here() => OneDnn.ThrowIfConvolutionsAreWrong();

    [Fact]
    public void A_network_answers_the_same_whichever_way_its_images_lie_in_memory()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network with { ImageSize = 160 });
        network.eval();
        network.SetBackboneBatchNorm(train: false);
        Tensor last = Filled("pixels", 2, 160, 160, 3).permute(0, 3, 1, 2);
        Assert.True(SwanNetwork.Unit(network.EncodeImages(last))
            .allclose(SwanNetwork.Unit(network.EncodeImages(last.contiguous())), atol: 1e-4));
    }

    // Those of EfficientNet-Lite0 that went wrong, channels last, on a processor that doesn't tell its caches, and one that didn't.
    [Theory]
    [InlineData(144, 40, 20)]
    [InlineData(240, 80, 10)]
    [InlineData(672, 112, 10)]
    [InlineData(1152, 320, 5)]
    [InlineData(320, 1280, 5)]
    [InlineData(16, 96, 20)]
    public void A_pointwise_convolution_with_a_bias_is_right_in_every_memory_layout_that_is_used(int input, int output, int size)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor last = Filled("pixels", 3, size, size, input).permute(0, 3, 1, 2), weights = Filled("weights", output, input, 1, 1),
            bias = Filled("bias", output);
        Tensor expected = nn.functional.conv2d(last.@double(), weights.@double(), bias.@double());
        foreach (Tensor pixels in OneDnn.ChannelsLastIsRight ? (Tensor[])[last, last.contiguous()] : [last.contiguous()])
            Assert.True(nn.functional.conv2d(pixels, weights, bias).@double().allclose(expected, rtol: 1e-4, atol: 1e-4));
    }

    private static Tensor Filled(string name, params long[] shape) =>
        tensor(FormulaWeights.Uniform(name, (int)shape.Aggregate((a, b) => a * b))).view(shape);
}
