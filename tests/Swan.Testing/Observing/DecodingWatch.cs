using System.Diagnostics.Metrics;
using Swan.MLNet.Diagnostics;

namespace Swan.Testing;

/// <summary>Counts the images that decoders work on, by the meter "Swan", and can keep decoders where they begin.</summary>
public sealed class DecodingWatch : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ManualResetEventSlim _open = new(true);
    private readonly Lock _lock = new();

    public DecodingWatch()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SwanTelemetry.Name && instrument.Name == "swan.decode.active")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Count((int)change));
        _listener.Start();
    }

    /// <summary>Decoders that work now.</summary>
    public int Active { get; private set; }

    /// <summary>The most that worked at a time.</summary>
    public int Most { get; private set; }

    /// <summary>Images that decoders have begun.</summary>
    public int Begun { get; private set; }

    /// <summary>Keeps decoders that begin until <see cref="Release"/>.</summary>
    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    public void Dispose()
    {
        Release();
        _listener.Dispose();
    }

    private void Count(int change)
    {
        lock (_lock)
        {
            Active += change;
            Most = Math.Max(Most, Active);
            if (change < 0) return;
            Begun++;
        }
        _open.Wait();
    }
}
