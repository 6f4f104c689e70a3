namespace Swan.Benchmarks.Limits;

/// <summary>What one kind of operator takes of an encoder's time.</summary>
/// <param name="Operator">ONNX's name, or that of ONNX Runtime's own form.</param>
/// <param name="Nodes">How many there are in the graph that runs.</param>
/// <param name="Milliseconds">Of one thread, an image or caption.</param>
/// <param name="Products">Multiplications with additions an image or caption; 0 where it has none to speak of.</param>
internal sealed record OperatorTime(string Operator, int Nodes, double Milliseconds, double Products)
{
    /// <summary>Multiplications with additions a second.</summary>
    public double Rate => 1000 * Products / Milliseconds;
}
