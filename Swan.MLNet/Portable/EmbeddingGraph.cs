using Swan.MLNet.Encoders;
using Swan.MLNet.Models.Onnx;

namespace Swan.MLNet.Portable;

/// <summary>An image tower that takes images of one declared size: resampling and tower in one graph.</summary>
internal static class EmbeddingGraph
{
    public const string OpaqueFault = "Swan: every pixel must be opaque - stock ML.NET mixes transparency into the colours";

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
    /// <param name="fromFile">Whether it also takes what <see cref="ImageFileGraph"/> gives.</param>
    /// <returns>UInt8 4×H×W (alpha, red, green, blue) → Float D.</returns>
    /// <exception cref="InvalidDataException">The tower is not an ONNX model.</exception>
    public static byte[] Build(ReadOnlySpan<byte> tower, int width, int height, int size, int embeddingSize, bool fromFile)
    {
        var g = new OnnxGraph("image of one size", Prefix);
        string pixels = g.Input(PortableColumns.Pixels, OnnxType.UInt8, 4, height, width);
        string alpha = g.Slice(pixels, g.Integers(0), g.Integers(1));
        string opaque = g.Equal(g.Cast(g.Node("ReduceMin", [alpha], ("keepdims", 0L)), OnnxType.Int32), g.Int32s([255]));
        string one = g.Require(fromFile ? g.Input(PortableColumns.Checked, OnnxType.Int64, 1) : GraphCheck.Start(g), opaque, OpaqueFault);
        // Plane 1 is the first of the colours.
        string colours = g.Slice(pixels, one, g.Integers(4));
        g.Call(ImageEncoder.InputName, ResamplingGraph.Append(g, colours, width, height, size));
        g.Include(tower);
        g.Output(PortableColumns.Embedding, g.Reshape(EncoderSession.OutputName, embeddingSize), OnnxType.Float, embeddingSize);
        return g.Build();
    }
}
