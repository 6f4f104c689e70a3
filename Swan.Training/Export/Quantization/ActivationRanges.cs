using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Swan.Training.Export;

/// <summary>The least and the largest value that parts of a graph had on calibration inputs.</summary>
internal static class ActivationRanges
{
    private const string SpinWaiting = "session.intra_op.allow_spinning";

    /// <summary>Runs a graph in float32.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="values">The values to watch, all float32.</param>
    /// <param name="inputs">Batches: what each input of the graph gets. Disposed of here.</param>
    /// <param name="cancellation">Ends between batches.</param>
    /// <returns>By value.</returns>
    /// <exception cref="ArgumentException">There is no batch.</exception>
    public static Dictionary<string, Activation> Measure(
        TowerGraph graph, IReadOnlyCollection<string> values, IEnumerable<IReadOnlyDictionary<string, OrtValue>> inputs,
        CancellationToken cancellation)
    {
        var ranges = values.ToDictionary(v => v, _ => Activation.None, StringComparer.Ordinal);
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC };
        options.AddSessionConfigEntry(SpinWaiting, "0");
        using var session = new InferenceSession(graph.Showing(values), options);
        using var run = new RunOptions();
        foreach (IReadOnlyDictionary<string, OrtValue> batch in inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, batch, values);
                foreach ((string value, OrtValue output) in values.Zip(outputs))
                {
                    ReadOnlySpan<float> found = output.GetTensorDataAsSpan<float>();
                    Activation before = ranges[value];
                    ranges[value] = new(
                        Math.Min(before.Least, TensorPrimitives.Min(found)), Math.Max(before.Largest, TensorPrimitives.Max(found)),
                        output.GetTensorTypeAndShape().Shape.Length);
                }
            }
            finally
            {
                foreach (OrtValue input in batch.Values) input.Dispose();
            }
        }
        return ranges.Values.Any(r => r.Least > r.Largest)
            ? throw new ArgumentException("There are no calibration inputs; at least one batch is needed.", nameof(inputs))
            : ranges;
    }
}
