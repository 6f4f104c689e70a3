using Swan.MLNet.Onnx;

namespace Swan.MLNet.Portable;

/// <summary>
/// Errors that a graph raises by itself. ONNX has no operator for it, so a node whose name is the message is given something that it can't
/// do.
/// </summary>
/// <remarks>
/// A check takes the number 1 and gives it on, so that checks stand in a row and what depends on the last runs after all. Where one fails,
/// its number becomes 2: should a runtime optimize the failing node away, what uses the number gets a wrong shape and fails as well.
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
    /// Runtime 1.31 fuses chains of Reshape, Squeeze and Unsqueeze, also along shape inputs, so that none of these may come directly before
    /// or after.
    /// </remarks>
    public static string Require(this OnnxGraph g, string one, string condition, string fault)
    {
        string count = g.Add(g.Cast(g.Unsqueeze(g.Not(condition), 0), OnnxType.Int64), g.Integers(1));
        return g.Named(fault, "Reshape", [g.Multiply(one, count), count]);
    }
}
