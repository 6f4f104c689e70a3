using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>VMSF, visual multiscale fusion: three scales, each mapped to one grid, fused into the global feature g.</summary>
/// <remarks>
/// Source: the paper, section 3.1; docs/spec/network.md, section 2, step 3. The grid is a 16th of the image's side. Two steps are computed
/// in an equal but cheaper form: a 1×1 convolution followed by nearest down-sampling is a strided 1×1 convolution; and a 1×1 convolution of
/// concatenated channels is the sum of the convolutions of the parts, the last of which can run before its up-sampling.
/// </remarks>
internal sealed class Vmsf : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly Conv2d conv_512, conv_1024, conv_2048;
    private readonly Sequential channel_att;
    private readonly FeedForward channel_filter;
    private readonly int _width;

    public Vmsf(int scale1, int scale2, int scale3, int width, double dropoutScale) : base(nameof(Vmsf))
    {
        _width = width;
        conv_512 = Conv2d(scale1, width, 1);
        conv_1024 = Conv2d(scale2, width, 1);
        conv_2048 = Conv2d(scale3, 2 * width, 1);
        channel_att = Sequential(("0", Conv2d(4 * width, width, 1, bias: false)), ("1", BatchNorm2d(width)), ("2", ReLU()));
        channel_filter = new FeedForward(width, dropout: 0.2 * dropoutScale);
        RegisterComponents();
    }

    /// <summary>d₁ N×C₁×2G×2G, d₂ N×C₂×G×G, d₃ N×C₃×G/2×G/2 → g N×D.</summary>
    public override Tensor forward(Tensor d1, Tensor d2, Tensor d3)
    {
        Tensor fine = functional.conv2d(d1, conv_512.weight!, conv_512.bias, strides: [2, 2]); // N×D×G×G
        Tensor middle = conv_1024.call(d2);                                                    // N×D×G×G
        Tensor coarse = conv_2048.call(d3);                                                    // N×2D×G/2×G/2

        Tensor weight = ((Conv2d)channel_att[0]).weight!;                                                    // D×4D×1×1
        Tensor fused = functional.conv2d(fine, weight.narrow(1, 0, _width))
            + functional.conv2d(middle, weight.narrow(1, _width, _width))
            + functional.interpolate(
                functional.conv2d(coarse, weight.narrow(1, 2 * _width, 2 * _width)), scale_factor: [2, 2], mode: InterpolationMode.Nearest);
        fused = ((BatchNorm2d)channel_att[1]).call(fused).relu();                              // N×D×G×G
        return channel_filter.call(fused.mean([2, 3]));                                        // N×D
    }
}
