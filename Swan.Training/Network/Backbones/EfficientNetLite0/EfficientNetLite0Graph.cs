using Swan.MLNet.Onnx;
using Swan.Training.Onnx;

namespace Swan.Training.Network;

/// <summary>EfficientNet-Lite0 in ONNX, batch normalization folded into the convolutions.</summary>
internal static class EfficientNetLite0Graph
{
    /// <summary>See <see cref="AppendBackbone"/>.</summary>
    public static BackboneValues Append(OnnxGraph g, TrainedWeights weights, string pixels, int side)
    {
        string zero = g.Constant([0f], []), six = g.Constant([6f], []);
        long n = side; // of what is convolved next

        string x = Relu6(Convolution("stem", pixels, 3, 2));
        string stem = "", d1 = "", d2 = "";
        for (int i = 0; i < EfficientNetLite0.Blocks.Count; i++)
        {
            x = Block(x, $"blocks.{i}", EfficientNetLite0.Blocks[i]);
            if (i == EfficientNetLite0.StemBlock) stem = x;
            if (i == EfficientNetLite0.Scale1Block) d1 = x;
            if (i == EfficientNetLite0.Scale2Block) d2 = x;
        }

        return new(stem, d1, d2, Relu6(Convolution("head", x, 1, 1)));

        string Block(string input, string block, Lite0Block shape)
        {
            string y = shape.Expansion > 1 ? Relu6(Convolution($"{block}.expand", input, 1, 1)) : input;
            y = Relu6(Convolution($"{block}.depthwise", y, shape.Kernel, shape.Stride, groups: shape.Width));
            y = Convolution($"{block}.project", y, 1, 1);
            return shape.Residual ? g.Add(y, input) : y;
        }

        string Convolution(string layer, string input, int kernel, int stride, int groups = 1)
        {
            (long before, long after) = EfficientNetLite0.SamePadding(n, kernel, stride);
            n = (n + stride - 1) / stride;
            AffineMap map = weights.Map(layer).Then(weights.Normalization($"{layer}.bn", EfficientNetLite0.NormalizationEpsilon));
            return g.Convolution(input, map, stride, [before, before, after, after], groups);
        }

        string Relu6(string input) => g.Node("Clip", [input, zero, six]);
    }
}
