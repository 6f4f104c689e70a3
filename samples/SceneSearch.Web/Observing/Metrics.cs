using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Swan.MLNet.Diagnostics;

namespace SceneSearch.Web.Observing;

/// <summary>Listens to meters, and tells what they measured as Prometheus reads it (text format 0.0.4).</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class Metrics : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly string[] s_meters = [SwanTelemetry.Name, SearchMeter.Name, "Microsoft.AspNetCore.Hosting"];

    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();
    private readonly MeterListener _listener;

    public Metrics()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (s_meters.Contains(instrument.Meter.Name)) listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public void Write(TextWriter text)
    {
        _listener.RecordObservableInstruments();
        foreach (MetricFamily family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal)) family.Write(text);
    }

    public override string ToString()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        Write(text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _families.GetOrAdd(instrument, i => new MetricFamily(i)).Take(value, tags);
}
