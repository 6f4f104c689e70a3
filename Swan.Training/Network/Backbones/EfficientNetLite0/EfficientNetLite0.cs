using Swan.MLNet.Imaging;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>
/// EfficientNet-Lite0 (Tan and Le 2019, the TensorFlow team's "Lite" for CPUs): no squeeze-and-excitation, ReLU6, TensorFlow's SAME
/// padding.
/// </summary>
/// <remarks>
/// Stem features are the last 24-channel block's, the scales the last 40-channel block's, the last 112-channel block's and the head's.
/// </remarks>
internal sealed class EfficientNetLite0 : Backbone
{
    // kernel, stride, expansion, channels, repeats
    private static readonly (int Kernel, int Stride, int Expansion, int Channels, int Repeats)[] Stages =
        [(3, 1, 1, 16, 1), (3, 2, 6, 24, 2), (5, 2, 6, 40, 2), (3, 2, 6, 80, 3), (5, 1, 6, 112, 3), (5, 2, 6, 192, 4), (3, 1, 6, 320, 1)];

    public const int StemBlock = 2, Scale1Block = 4, Scale2Block = 10;
    public const double NormalizationEpsilon = 1e-3;

    /// <summary>The inverted residual blocks in order; the network and its export are made from this one table.</summary>
    public static readonly IReadOnlyList<Lite0Block> Blocks = [.. Expanded()];

    /// <summary>What its pretrained weights expect: (x − 127) / 128 of a byte x.</summary>
    public static readonly ImagePreprocessing Preprocessing = new()
    {
        Mean = [127 / 255f, 127 / 255f, 127 / 255f],
        Std = [128 / 255f, 128 / 255f, 128 / 255f],
    };

    private readonly NormalizedConvolution stem, head;
    private readonly ModuleList<InvertedResidual> blocks;

    /// <summary>Builds the network with random weights.</summary>
    public EfficientNetLite0() : base(nameof(EfficientNetLite0), new(24, 40, 112, 1280))
    {
        stem = new(3, 32, 3, stride: 2);
        blocks = ModuleList(Blocks.Select(b => new InvertedResidual(b)).ToArray());
        head = new(320, 1280, 1);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override string? Classifier => "classifier";

    /// <inheritdoc/>
    protected override IEnumerable<Parameter> StemParameters() =>
        stem.parameters().Concat(blocks.Take(StemBlock + 1).SelectMany(b => b.parameters()));

    /// <inheritdoc/>
    // N×24×S/4×S/4
    protected override Tensor Stem(Tensor pixels) => Through(0, StemBlock, functional.relu6(stem.call(pixels), inplace: true));

    /// <inheritdoc/>
    protected override (Tensor Scale1, Tensor Scale2, Tensor Scale3) Scales(Tensor stem)
    {
        Tensor d1 = Through(StemBlock + 1, Scale1Block, stem); // N×40×S/8×S/8
        Tensor d2 = Through(Scale1Block + 1, Scale2Block, d1); // N×112×S/16×S/16
        Tensor x = Through(Scale2Block + 1, blocks.Count - 1, d2);
        return (d1, d2, functional.relu6(head.call(x), inplace: true)); // N×1280×S/32×S/32
    }

    private Tensor Through(int first, int last, Tensor x)
    {
        for (int i = first; i <= last; i++) x = blocks[i].call(x);
        return x;
    }

    private static IEnumerable<Lite0Block> Expanded()
    {
        int input = 32;
        foreach (var stage in Stages)
        {
            for (int i = 0; i < stage.Repeats; i++)
            {
                yield return new(input, stage.Channels, stage.Kernel, i == 0 ? stage.Stride : 1, stage.Expansion);
                input = stage.Channels;
            }
        }
    }

    /// <summary>TensorFlow's SAME padding along one side of n pixels: the odd pixel goes to the bottom and right.</summary>
    public static (long Before, long After) SamePadding(long n, int kernel, int stride)
    {
        long total = Math.Max(((n + stride - 1) / stride - 1) * stride + kernel - n, 0);
        return (total / 2, total - total / 2);
    }

    /// <summary>A convolution with TensorFlow's SAME padding, then batch normalization.</summary>
    private sealed class NormalizedConvolution : Module<Tensor, Tensor>
    {
        private readonly Parameter weight;
        private readonly BatchNorm2d bn;
        private readonly int _kernel, _stride, _groups;

        public NormalizedConvolution(int input, int output, int kernel, int stride = 1, int groups = 1)
            : base(nameof(NormalizedConvolution))
        {
            (_kernel, _stride, _groups) = (kernel, stride, groups);
            weight = Parameter(empty(output, input / groups, kernel, kernel));
            init.kaiming_normal_(weight, mode: init.FanInOut.FanOut);
            bn = BatchNorm2d(output, eps: NormalizationEpsilon, momentum: 0.01);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            (long top, long bottom) = SamePadding(x.shape[2], _kernel, _stride);
            (long left, long right) = SamePadding(x.shape[3], _kernel, _stride);
            // Padding inside the convolution costs nothing; only an odd total, at stride 2, needs a copy.
            bool symmetric = top == bottom && left == right;
            if (!symmetric) x = functional.pad(x, [left, right, top, bottom]);
            long[] padding = symmetric ? [top, left] : [0, 0];
            if (bn.training) return bn.call(functional.conv2d(x, weight, strides: [_stride, _stride], padding: padding, groups: _groups));

            // Fixed statistics make the normalization a scale and a shift of each channel, which the convolution does on its way:
            // one pass over the activations less, forward and backward.
            Tensor scale = bn.weight! / (bn.running_var! + NormalizationEpsilon).sqrt();
            Tensor shift = bn.bias! - bn.running_mean! * scale;
            return functional.conv2d(
                x, weight * scale.view(-1, 1, 1, 1), shift, strides: [_stride, _stride], padding: padding, groups: _groups);
        }
    }

    private sealed class InvertedResidual : Module<Tensor, Tensor>
    {
        private readonly NormalizedConvolution? expand;
        private readonly NormalizedConvolution depthwise, project;
        private readonly bool _residual;

        public InvertedResidual(Lite0Block block) : base(nameof(InvertedResidual))
        {
            if (block.Expansion > 1) expand = new(block.Input, block.Width, 1);
            depthwise = new(block.Width, block.Width, block.Kernel, block.Stride, groups: block.Width);
            project = new(block.Width, block.Output, 1);
            _residual = block.Residual;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using DisposeScope scope = NewDisposeScope(); // frees at once what no gradient needs
            Tensor y = expand is null ? x : functional.relu6(expand.call(x), inplace: true);
            y = functional.relu6(depthwise.call(y), inplace: true);
            y = project.call(y);
            return (_residual ? y + x : y).MoveToOuterDisposeScope();
        }
    }
}
