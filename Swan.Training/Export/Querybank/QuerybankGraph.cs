using Swan.MLNet.Onnx;

namespace Swan.Training.Export;

/// <summary>
/// Both towers of a finished model with one more value at the end of their embeddings, see <see cref="QuerybankNormalization"/>.
/// </summary>
internal static class QuerybankGraph
{
    /// <summary>
    /// κ: the added value of every image, before it becomes a unit vector. A larger κ keeps a caption's norm closer to 1. A smaller κ
    /// shrinks cosines less.
    /// </summary>
    public const double ImageValue = 0.5;

    /// <summary>The operator sets in which all operators that are added here take their arguments as they do in ours.</summary>
    public const int OldestOperatorSet = 13, NewestOperatorSet = 17;

    private const string Embedding = "embedding", Plain = "querybank/plain", Prefix = "querybank/";

    /// <summary>(i, κ) over its norm, which is the same for all images: the last value is exactly constant.</summary>
    /// <param name="tower">The image tower.</param>
    /// <param name="size">S.</param>
    /// <param name="dimension">D, before.</param>
    public static byte[] Image(ReadOnlySpan<byte> tower, int size, int dimension)
    {
        OnnxGraph g = Begin("swan-image");
        g.Input("pixels", OnnxType.UInt8, "N", size, size, 3);
        g.Include(tower, (Embedding, Plain), widen: false);
        double norm = Math.Sqrt(1 + ImageValue * ImageValue);
        return End(g,
            g.Node("Pad", [g.Multiply(Plain, g.Constant([1 / norm], [])), g.Integers(0, 0, 0, 1), g.Constant([ImageValue / norm], [])]),
            dimension);
    }

    /// <summary>(c, β) over its norm, where β = (m − log Σ exp(c·b / τ)) · τ / κ over the bank's images b.</summary>
    /// <param name="tower">The text tower.</param>
    /// <param name="bank">M × D unit vectors.</param>
    /// <param name="dimension">D, before.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="center">m.</param>
    public static byte[] Text(ReadOnlySpan<byte> tower, ReadOnlySpan<float> bank, int dimension, double temperature, double center)
    {
        OnnxGraph g = Begin("swan-text");
        g.Input("ids", OnnxType.Int64, "N", "L");
        g.Input("lengths", OnnxType.Int64, "N");
        g.Include(tower, (Embedding, Plain), widen: false);
        // N×M
        string cosines = g.MatMul(Plain, g.Cast(g.Halves(Columns(bank, dimension), dimension, bank.Length / dimension), OnnxType.Float));
        // N×1
        string sum = g.Node(
            "ReduceLogSumExp", [g.Multiply(cosines, g.Constant([1 / temperature], []))], ("axes", new long[] { 1 }), ("keepdims", 1L));
        string value = g.Multiply(g.Node("Sub", [g.Constant([center], []), sum]), g.Constant([temperature / ImageValue], []));
        return End(g, g.Unit(g.Concat(1, Plain, value)), dimension);
    }

    private static OnnxGraph Begin(string name) => new(name, Prefix);

    private static byte[] End(OnnxGraph g, string longer, int dimension)
    {
        g.Output(Embedding, longer, OnnxType.Float, "N", dimension + 1);
        return g.Build();
    }

    // M × D → D × M.
    private static Half[] Columns(ReadOnlySpan<float> rows, int dimension)
    {
        int count = rows.Length / dimension;
        var columns = new Half[rows.Length];
        for (int row = 0; row < count; row++)
        {
            for (int d = 0; d < dimension; d++) columns[d * count + row] = (Half)rows[row * dimension + d];
        }
        return columns;
    }
}
