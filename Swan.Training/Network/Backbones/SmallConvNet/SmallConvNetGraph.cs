using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary><see cref="SmallConvNet"/> in ONNX, batch normalization folded into the convolutions.</summary>
internal static class SmallConvNetGraph
{
    private static readonly long[] Same = [1, 1, 1, 1];

    /// <summary>See <see cref="AppendBackbone"/>.</summary>
    public static BackboneValues Append(OnnxGraph g, TrainedWeights weights, string pixels, int side)
    {
        string stem = Block(Block(pixels, "stem.0", 2), "stem.1", 2);
        string d1 = Stage(stem, "stage1"), d2 = Stage(d1, "stage2");
        return new(stem, d1, d2, Stage(d2, "stage3"));

        string Stage(string input, string stage) => Block(Block(input, $"{stage}.0", 2), $"{stage}.1", 1);

        string Block(string input, string block, long stride) =>
            g.Relu(g.Convolution(input, weights.Map($"{block}.0").Then(weights.Normalization($"{block}.1")), stride, Same));
    }
}
