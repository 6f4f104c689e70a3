using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Swan.MLNet.Diagnostics;

namespace Swan.Testing;

/// <summary>Listens to the meter "Swan" while it lives.</summary>
public sealed class Measurements : IDisposable
{
    private const string QueueDepth = "swan.queue.depth";
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Measured> _all = new();
    private readonly Lock _lock = new();
    private Dictionary<(string, string), long> _depths = [];

    public Measurements(Action<Measured>? seen = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SwanTelemetry.Name) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(new(instrument.Name, value, Tags(tags)), seen));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(new(instrument.Name, value, Tags(tags)), seen));
        _listener.Start();
    }

    public Measured[] Of(string instrument) => [.. _all.Where(m => m.Instrument == instrument)];

    public double Sum(string instrument) => Of(instrument).Sum(m => m.Value);

    /// <summary>The queue depth now.</summary>
    public long Depth(string tower, string stage)
    {
        lock (_lock)
        {
            _depths = [];
            _listener.RecordObservableInstruments();
            return _depths[(tower, stage)];
        }
    }

    public void Dispose() => _listener.Dispose();

    private static Dictionary<string, object?> Tags(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var copy = new Dictionary<string, object?>();
        foreach ((string tag, object? value) in tags) copy.Add(tag, value);
        return copy;
    }

    private void Take(Measured measured, Action<Measured>? seen)
    {
        if (measured.Instrument == QueueDepth)
        {
            _depths[(measured["swan.tower"]!, measured["swan.stage"]!)] = (long)measured.Value;
            return;
        }
        _all.Enqueue(measured);
        seen?.Invoke(measured);
    }
}
