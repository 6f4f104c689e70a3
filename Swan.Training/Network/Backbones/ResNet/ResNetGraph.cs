using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>ResNet-18 or ResNet-50 in ONNX, batch normalization folded into the convolutions.</summary>
internal static class ResNetGraph
{
    private static readonly long[] Same = [1, 1, 1, 1];

    /// <summary>See <see cref="AppendBackbone"/>.</summary>
    public static BackboneValues Append50(OnnxGraph g, TrainedWeights weights, string pixels, int side) =>
        Append(g, weights, pixels, ResNet.Depths50, bottleneck: true);

    /// <summary>See <see cref="AppendBackbone"/>.</summary>
    public static BackboneValues Append18(OnnxGraph g, TrainedWeights weights, string pixels, int side) =>
        Append(g, weights, pixels, ResNet.Depths18, bottleneck: false);

    private static BackboneValues Append(OnnxGraph g, TrainedWeights weights, string pixels, int[] depths, bool bottleneck)
    {
        string x = g.Relu(Convolution("conv1", "bn1", pixels, 2, [3, 3, 3, 3]));
        string stem = g.Node("MaxPool", [x], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", Same));
        x = Stage(stem, "layer1", depths[0], 1);
        string d1 = Stage(x, "layer2", depths[1], 2);
        string d2 = Stage(d1, "layer3", depths[2], 2);
        return new(stem, d1, d2, Stage(d2, "layer4", depths[3], 2));

        string Stage(string input, string stage, int depth, long stride)
        {
            for (int i = 0; i < depth; i++) input = Block(input, $"{stage}.{i}", first: i == 0, i == 0 ? stride : 1);
            return input;
        }

        string Block(string input, string block, bool first, long stride)
        {
            // A basic block strides in its first convolution, a bottleneck in its 3×3 one.
            string y = g.Relu(bottleneck
                ? Convolution($"{block}.conv1", $"{block}.bn1", input)
                : Convolution($"{block}.conv1", $"{block}.bn1", input, stride, Same));
            y = Convolution($"{block}.conv2", $"{block}.bn2", y, bottleneck ? stride : 1, Same);
            if (bottleneck) y = Convolution($"{block}.conv3", $"{block}.bn3", g.Relu(y));
            // Only a stage's first block can change the shape, and layer1 of a ResNet-18 doesn't.
            bool shortcut = first && weights.Has($"{block}.downsample.0.weight");
            return g.Relu(g.Add(y, shortcut ? Convolution($"{block}.downsample.0", $"{block}.downsample.1", input, stride) : input));
        }

        string Convolution(string convolution, string normalization, string input, long stride = 1, long[]? pads = null) =>
            g.Convolution(input, weights.Map(convolution).Then(weights.Normalization(normalization)), stride, pads);
    }
}
