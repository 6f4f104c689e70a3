using System.Diagnostics;

namespace Swan.MLNet.Diagnostics;

/// <summary>Measures the runs of one encoder. Safe for concurrent use.</summary>
/// <param name="tower"><see cref="RowQueue.Image"/> or <see cref="RowQueue.Caption"/>.</param>
/// <param name="queue">Where its rows are counted while they are encoded.</param>
/// <param name="model">The card's name.</param>
/// <param name="device">The device taken.</param>
internal sealed class EncoderTelemetry(string tower, RowQueue queue, string model, SwanDevice device)
{
    private readonly KeyValuePair<string, object?>[] _tags =
        [new(SwanTelemetry.TowerTag, tower), new(SwanTelemetry.ModelTag, model), new(SwanTelemetry.DeviceTag, device.ToString())];

    public Run Start(int rows)
    {
        queue.Enter(rows);
        Activity? activity = SwanTelemetry.Activities.StartActivity("swan.encode");
        if (activity is { IsAllDataRequested: true })
        {
            foreach ((string tag, object? value) in _tags) activity.SetTag(tag, value);
            activity.SetTag(SwanTelemetry.RowsTag, rows);
        }
        return new Run(this, rows, activity, SwanTelemetry.EncodeTime.Enabled ? Stopwatch.GetTimestamp() : 0);
    }

    /// <summary>Counts captions of a run that were longer than the model takes.</summary>
    public void Truncated(int captions)
    {
        if (captions > 0) SwanTelemetry.TruncatedCaptions.Add(captions, _tags);
    }

    /// <summary>One run, from its start to its disposal.</summary>
    public readonly ref struct Run(EncoderTelemetry encoder, int rows, Activity? activity, long start)
    {
        public void Succeeded()
        {
            if (start != 0) SwanTelemetry.EncodeTime.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, encoder._tags);
            SwanTelemetry.EncodedRows.Add(rows, encoder._tags);
            SwanTelemetry.EncodedBatches.Add(1, encoder._tags);
        }

        public void Failed(Exception fault)
        {
            if (fault is OperationCanceledException) return;
            SwanTelemetry.CountFailure("encode", fault.GetType().Name);
            activity?.SetTag(SwanTelemetry.ErrorTag, fault.GetType().Name).SetStatus(ActivityStatusCode.Error, fault.Message);
        }

        public void Dispose()
        {
            activity?.Dispose();
            encoder.Leave(rows);
        }
    }

    private void Leave(int rows) => queue.Leave(rows);
}
