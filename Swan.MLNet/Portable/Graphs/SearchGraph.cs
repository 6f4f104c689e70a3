using Swan.MLNet.Onnx;
using Swan.MLNet.Search;

namespace Swan.MLNet.Portable;

/// <summary>A whole gallery with its search as one graph: embedding in, the best rows' keys and scores out.</summary>
/// <remarks>
/// What <c>SwanSearchTransformer</c> does: the query is brought to length 1, scores are cut to [-1, 1], equal scores are ordered by row (as
/// ONNX prescribes for TopK), and where there is no result, the key is empty and the score NaN.
/// </remarks>
internal static class SearchGraph
{
    /// <summary>Builds the graph.</summary>
    /// <param name="index">At least one row.</param>
    /// <param name="k">K.</param>
    /// <returns>Float D → String K, Float K.</returns>
    public static byte[] Build(SwanIndex index, int k)
    {
        var g = new OnnxGraph("search");
        string query = g.Input(PortableColumns.Query, OnnxType.Float, index.EmbeddingSize);
        (string unit, string valid) = Unit(g, query);

        // [1, D]·[N, D]ᵀ: the gallery stays row-major, as it is in memory.
        string[] factors = [g.Unsqueeze(unit, 0), g.Constant(index.Gallery.ToArray(), index.Count, index.EmbeddingSize)];
        string scores = g.Squeeze(g.Node("Gemm", factors, ("transB", 1L)), 0);
        scores = g.Node("Clip", [scores, g.Constant([-1f]), g.Constant([1f])]);
        int found = Math.Min(k, index.Count);
        string[] best = g.Nodes("TopK", [scores, g.Integers(found)], 2);
        string keys = g.Gather(g.Texts(index.Keys), best[1]), values = best[0];

        string noKey = g.Texts([""]), noScore = g.Constant([float.NaN], 1);
        keys = g.Where(valid, keys, noKey);
        values = g.Where(valid, values, noScore);
        if (found < k)
        {
            keys = g.Concat(0, keys, g.Texts(Enumerable.Repeat("", k - found)));
            values = g.Concat(0, values, g.Constant(Enumerable.Repeat(float.NaN, k - found).ToArray(), k - found));
        }
        g.Output(PortableColumns.Keys, keys, OnnxType.String, k);
        g.Output(PortableColumns.Scores, values, OnnxType.Float, k);
        return g.Build();
    }

    /// <summary>
    /// The query at length 1, and whether it has one: no value missing or infinite, and not all zero. Otherwise it is all zero.
    /// </summary>
    /// <remarks>In double precision, where the squares of all floats have room.</remarks>
    private static (string Unit, string Valid) Unit(OnnxGraph g, string query)
    {
        string x = g.Cast(query, OnnxType.Double);
        string squares = g.Sum(g.Multiply(x, x), 0);
        // A comparison with NaN is false.
        string valid = g.And(g.Node("Less", [Double(g, 0), squares]), g.Node("Less", [squares, Double(g, float.PositiveInfinity)]));
        string unit = g.Cast(g.Divide(x, g.Node("Sqrt", [squares])), OnnxType.Float);
        return (g.Where(valid, unit, g.Constant([0f])), valid);
    }

    private static string Double(OnnxGraph g, float value) => g.Cast(g.Constant([value]), OnnxType.Double);
}
