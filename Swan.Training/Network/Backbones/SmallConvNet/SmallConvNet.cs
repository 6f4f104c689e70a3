using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>A plain network of 3×3 convolutions, 1.2 M parameters, that learns from scratch within minutes on a CPU.</summary>
/// <remarks>
/// Our own, for samples and tests: no pretrained weights exist. A stem of two blocks and three stages of two blocks, where the first block
/// of each stage halves the side; a block is a convolution without bias, batch normalization, ReLU.
/// </remarks>
internal sealed class SmallConvNet : Backbone
{
    private readonly Sequential stem, stage1, stage2, stage3;

    /// <summary>Builds the network with random weights.</summary>
    public SmallConvNet() : base(nameof(SmallConvNet), new(32, 64, 128, 256))
    {
        stem = Sequential(("0", Block(3, 32, 2)), ("1", Block(32, 32, 2)));
        stage1 = Stage(32, 64);
        stage2 = Stage(64, 128);
        stage3 = Stage(128, 256);
        RegisterComponents();

        static Sequential Stage(int input, int output) => Sequential(("0", Block(input, output, 2)), ("1", Block(output, output, 1)));
    }

    /// <inheritdoc/>
    public override bool CanBePretrained => false;

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> StemParameters() => stem.parameters();

    /// <inheritdoc/>
    protected override Tensor Stem(Tensor pixels) => stem.call(pixels); // N×32×S/4×S/4

    /// <inheritdoc/>
    protected override (Tensor Scale1, Tensor Scale2, Tensor Scale3) Scales(Tensor stem)
    {
        Tensor d1 = stage1.call(stem); // N×64×S/8×S/8
        Tensor d2 = stage2.call(d1);   // N×128×S/16×S/16
        return (d1, d2, stage3.call(d2)); // N×256×S/32×S/32
    }

    private static Sequential Block(int input, int output, int stride)
    {
        Conv2d convolution = Conv2d(input, output, 3, stride: stride, padding: 1, bias: false);
        init.kaiming_normal_(convolution.weight!, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        return Sequential(("0", convolution), ("1", BatchNorm2d(output)), ("2", ReLU(inplace: true)));
    }
}
