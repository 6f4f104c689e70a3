using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>ResNet-18 and ResNet-50 in torchvision's layout (He et al. 2016; stride in the 3×3 convolution of a bottleneck).</summary>
/// <remarks>Each block has a dispose scope of its own: what no gradient needs is freed at once instead of at the end of the step.</remarks>
internal sealed class ResNet : Backbone
{
    public static readonly int[] Depths50 = [3, 4, 6, 3], Depths18 = [2, 2, 2, 2];

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1, layer2, layer3, layer4;

    // Never used, but part of every published checkpoint (30 scenes).
    private readonly Linear fc;

    private ResNet(int[] depths, bool bottleneck)
        : base(nameof(ResNet), bottleneck ? new(64, 512, 1024, 2048) : new(64, 128, 256, 512))
    {
        int expansion = bottleneck ? 4 : 1;
        conv1 = Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false);
        bn1 = BatchNorm2d(64);
        layer1 = Stage(64, 64, depths[0], 1);
        layer2 = Stage(64 * expansion, 128, depths[1], 2);
        layer3 = Stage(128 * expansion, 256, depths[2], 2);
        layer4 = Stage(256 * expansion, 512, depths[3], 2);
        fc = Linear(512 * expansion, 30);
        RegisterComponents();

        Sequential Stage(int input, int width, int depth, int stride) => Sequential(Enumerable.Range(0, depth).Select(i =>
            ($"{i}", (Module<Tensor, Tensor>)(bottleneck
                ? new Bottleneck(i == 0 ? input : width * 4, width, i == 0 ? stride : 1)
                : new BasicBlock(i == 0 ? input : width, width, i == 0 ? stride : 1)))));
    }

    /// <summary>The paper's backbone.</summary>
    public static ResNet Create50() => new(Depths50, bottleneck: true);

    /// <summary>The smaller one.</summary>
    public static ResNet Create18() => new(Depths18, bottleneck: false);

    /// <inheritdoc/>
    public override string? Classifier => nameof(fc);

    /// <inheritdoc/>
    protected override (Tensor Scale1, Tensor Scale2, Tensor Scale3) Scales(Tensor stem)
    {
        Tensor d1 = layer2.call(layer1.call(stem));                // stride 8
        Tensor d2 = layer3.call(d1);                               // stride 16
        return (d1, d2, layer4.call(d2));                          // stride 32
    }

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> StemParameters() => conv1.parameters().Concat(bn1.parameters());

    /// <inheritdoc/>
    protected override Tensor Stem(Tensor pixels)                  // N×64×S/4×S/4
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = bn1.call(conv1.call(pixels)).relu_();           // N×64×S/2×S/2
        return functional.max_pool2d(x, 3, 2, 1).MoveToOuterDisposeScope();
    }

    private static Sequential? Downsample(int input, int output, int stride) =>
        stride == 1 && input == output
            ? null
            : Sequential(("0", Conv2d(input, output, 1, stride: stride, bias: false)), ("1", BatchNorm2d(output)));

    private sealed class BasicBlock : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d bn1, bn2;
        private readonly Sequential? downsample;

        public BasicBlock(int input, int width, int stride) : base(nameof(BasicBlock))
        {
            conv1 = Conv2d(input, width, 3, stride: stride, padding: 1, bias: false);
            bn1 = BatchNorm2d(width);
            conv2 = Conv2d(width, width, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(width);
            downsample = Downsample(input, width, stride);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor y = bn1.call(conv1.call(x)).relu_();
            y = bn2.call(conv2.call(y));
            return y.add_(downsample?.call(x) ?? x).relu_().MoveToOuterDisposeScope();
        }
    }

    private sealed class Bottleneck : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2, conv3;
        private readonly BatchNorm2d bn1, bn2, bn3;
        private readonly Sequential? downsample;

        public Bottleneck(int input, int width, int stride) : base(nameof(Bottleneck))
        {
            conv1 = Conv2d(input, width, 1, bias: false);
            bn1 = BatchNorm2d(width);
            conv2 = Conv2d(width, width, 3, stride: stride, padding: 1, bias: false);
            bn2 = BatchNorm2d(width);
            conv3 = Conv2d(width, width * 4, 1, bias: false);
            bn3 = BatchNorm2d(width * 4);
            downsample = Downsample(input, width * 4, stride);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor y = bn1.call(conv1.call(x)).relu_();
            y = bn2.call(conv2.call(y)).relu_();
            y = bn3.call(conv3.call(y));
            return y.add_(downsample?.call(x) ?? x).relu_().MoveToOuterDisposeScope();
        }
    }
}
