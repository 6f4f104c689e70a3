using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Swan.MLNet.Scheduling;

namespace Swan.Training.Export;

/// <summary>
/// The least and the largest value that parts of a graph had on calibration inputs, and the mean of each channel of a convolution.
/// </summary>
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
    /// <exception cref="SwanTrainingException">A value is not a finite number.</exception>
    public static Dictionary<string, Activation> Measure(
        TowerGraph graph, IReadOnlyCollection<string> values, IEnumerable<IReadOnlyDictionary<string, OrtValue>> inputs,
        CancellationToken cancellation)
    {
        var ranges = values.ToDictionary(
            v => v, v => new Range(graph.Readers(v).Any(n => n.Op == "Conv")), StringComparer.Ordinal);
        using var options = new SessionOptions
        {
            // ONNX Runtime's own default looks at the whole machine, not at what a container may use of it.
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC, IntraOpNumThreads = SwanResources.EncoderThreads,
        };
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
                    ranges[value].Add(output.GetTensorDataAsSpan<float>(), output.GetTensorTypeAndShape().Shape);
            }
            finally
            {
                foreach (OrtValue input in batch.Values) input.Dispose();
            }
        }
        if (ranges.Values.Any(r => r.IsEmpty))
            throw new ArgumentException("There are no calibration inputs; at least one batch is needed.", nameof(inputs));
        // In the order of the graph: values that depend on one that is not finite are not finite either.
        foreach (OnnxNode node in graph.Nodes) ThrowIfInfinite(node, ranges);
        return ranges.ToDictionary(r => r.Key, r => r.Value.Found, StringComparer.Ordinal);
    }

    private static void ThrowIfInfinite(OnnxNode node, Dictionary<string, Range> ranges)
    {
        foreach (string value in node.Outputs)
        {
            if (!ranges.TryGetValue(value, out Range? range)) continue;
            Activation found = range.Found;
            if (float.IsFinite(found.Least) && float.IsFinite(found.Largest)) continue;
            throw new SwanTrainingException(string.Create(CultureInfo.InvariantCulture,
                $"On calibration inputs, the value '{value}' of '{node.Op}' ranges from {found.Least} to {found.Largest}; ")
                + "expected finite numbers, which integers can represent. The network's weights are no longer usable: "
                + "export an earlier run, or train again with a lower learning rate.");
        }
    }

    private sealed class Range(bool hasChannels)
    {
        private float _least = float.PositiveInfinity, _largest = float.NegativeInfinity;
        private double[] _sums = [];
        private long _count;
        private int _sides;

        public bool IsEmpty => _sides == 0;

        public Activation Found => new(_least, _largest, _sides, [.. _sums.Select(sum => (float)(sum / _count))]);

        public void Add(ReadOnlySpan<float> values, long[] sides)
        {
            if (values.IsEmpty) return;
            _sides = sides.Length;
            _least = Math.Min(_least, TensorPrimitives.Min(values));
            _largest = Math.Max(_largest, TensorPrimitives.Max(values));
            if (!hasChannels) return;
            // values[(image * channels + channel) * pixels + i]
            int channels = (int)sides[1], pixels = (int)(sides[2] * sides[3]);
            if (_sums.Length == 0) _sums = new double[channels];
            for (int at = 0, channel = 0; at < values.Length; at += pixels, channel = channel + 1 == channels ? 0 : channel + 1)
                _sums[channel] += TensorPrimitives.Sum(values.Slice(at, pixels));
            _count += sides[0] * pixels;
        }
    }
}
