using Swan.MLNet.Onnx;

namespace Swan.MLNet.Portable;

/// <summary>
/// Errors that a graph itself raises. ONNX has no operator for that, so a node named after the message gets an impossible operation.
/// </summary>
/// <remarks>
/// A check takes the number 1 and passes it on, so checks form a chain, and nodes that depend on the last one run after all. If one fails,
/// its number becomes 2: even if a runtime optimizes the failing node away, users of the number get a wrong shape and fail.
/// </remarks>
internal static class GraphCheck
{
    /// <summary>What the first check takes: a vector of the number 1.</summary>
    public static string Start(OnnxGraph g) => g.Integers(1);

    /// <summary>Appends a check.</summary>
    /// <param name="g">The graph.</param>
    /// <param name="one">From the check before.</param>
    /// <param name="condition">Bool without dimensions.</param>
    /// <param name="fault">The message where the condition is false.</param>
    /// <remarks>
    /// One number can't be reshaped to two. Shapes are computed on the CPU also where a graph runs on a GPU, so it fails there too. ONNX
    /// Runtime 1.31 fuses chains of Reshape, Squeeze and Unsqueeze, also along shape inputs, so none of these may come directly before
    /// or after.
    /// </remarks>
    public static string Require(this OnnxGraph g, string one, string condition, string fault)
    {
        string count = g.Add(g.Cast(g.Unsqueeze(g.Not(condition), 0), OnnxType.Int64), g.Integers(1));
        return g.Named(fault, "Reshape", [g.Multiply(one, count), count]);
    }
}
