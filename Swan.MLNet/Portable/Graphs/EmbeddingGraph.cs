using Swan.MLNet.Encoders;
using Swan.MLNet.Onnx;

namespace Swan.MLNet.Portable;

/// <summary>An image tower that takes images of one declared size: resampling and tower in one graph.</summary>
internal static class EmbeddingGraph
{
    public const string OpaqueFault = "Swan: every pixel must be opaque - stock ML.NET mixes transparency into the colors";

    /// <summary>The first operator set in which all operators that are added here take their arguments as they do in ours.</summary>
    public const int OldestOperatorSet = 13;

    // In front of every name that is made here: the tower keeps its own.
    private const string Prefix = "swan.portable/";

    /// <summary>Builds the graph.</summary>
    /// <param name="tower">The model's image encoder.</param>
    /// <param name="width">The declared width.</param>
    /// <param name="height">The declared height.</param>
    /// <param name="size">S, the tower's side.</param>
    /// <param name="embeddingSize">D.</param>
    /// <param name="lastValueIsConstant">See <see cref="ImageEncoder.LastValueIsConstant"/>.</param>
    /// <param name="rotations">1, 2 or 4: over how many the embedding is averaged, see <see cref="RotationAverage"/>.</param>
    /// <param name="fromFile">Whether it also takes what <see cref="ImageFileGraph"/> gives.</param>
    /// <returns>UInt8 4×H×W (alpha, red, green, blue) → Float D.</returns>
    /// <exception cref="InvalidDataException">The tower is not an ONNX model.</exception>
    public static byte[] Build(
        ReadOnlySpan<byte> tower, int width, int height, int size, int embeddingSize, bool lastValueIsConstant, int rotations,
        bool fromFile)
    {
        var g = new OnnxGraph("image of one size", Prefix);
        string pixels = g.Input(PortableColumns.Pixels, OnnxType.UInt8, 4, height, width);
        string alpha = g.Slice(pixels, g.Integers(0), g.Integers(1));
        string opaque = g.Equal(g.Cast(g.Node("ReduceMin", [alpha], ("keepdims", 0L)), OnnxType.Int32), g.Int32s([255]));
        string one = g.Require(fromFile ? g.Input(PortableColumns.Checked, OnnxType.Int64, 1) : GraphCheck.Start(g), opaque, OpaqueFault);
        // Plane 1 is the first of the colors.
        string colors = g.Slice(pixels, one, g.Integers(4));
        string image = ResamplingGraph.Append(g, colors, width, height, size);
        g.Call(ImageEncoder.InputName, rotations == 1 ? image : Rotations(g, image, rotations));
        g.Include(tower);
        string embedding = EncoderSession.OutputName;
        if (rotations > 1)
            embedding = lastValueIsConstant ? MeanBeforeConstant(g, embedding, embeddingSize) : Direction(g, g.Sum(embedding, 0));
        g.Output(PortableColumns.Embedding, g.Reshape(embedding, embeddingSize), OnnxType.Float, embeddingSize);
        return g.Build();
    }

    // A batch of what RotationAverage encodes one after another: [1, S, S, 3] → [rotations, S, S, 3].
    private static string Rotations(OnnxGraph g, string image, int rotations)
    {
        string half = Reversed(g, image, 1, 2);
        if (rotations == 2) return g.Concat(0, image, half);
        string mirrored = g.Transpose(image, 0, 2, 1, 3);
        return g.Concat(0, image, Reversed(g, mirrored, 2), half, Reversed(g, mirrored, 1));
    }

    // [rotations, D] → [D], as RotationAverage does it.
    private static string MeanBeforeConstant(OnnxGraph g, string views, int embeddingSize)
    {
        string last = g.Integers(embeddingSize - 1);
        string constant = g.Reshape(g.Slice(g.Slice(views, g.Integers(0), g.Integers(1)), last, g.Integers(embeddingSize), axis: 1), 1);
        string length = g.Node("Sqrt", [g.Node("Sub", [g.Constant([1f], []), g.Multiply(constant, constant)])]);
        return g.Concat(0, g.Multiply(Direction(g, g.Slice(g.Sum(views, 0), g.Integers(0), last)), length), constant);
    }

    private static string Direction(OnnxGraph g, string vector) => g.Divide(vector, g.Node("Sqrt", [g.Sum(g.Multiply(vector, vector), 0)]));

    private static string Reversed(OnnxGraph g, string x, params long[] axes)
    {
        string last = g.Integers([.. axes.Select(_ => -1L)]), first = g.Integers([.. axes.Select(_ => long.MinValue)]);
        return g.Node("Slice", [x, last, first, g.Integers(axes), last]);
    }
}
