using System.Diagnostics.Metrics;

namespace Swan.MLNet.Scheduling;

/// <summary>Counts an image while a format's decoder works on it, whether or not that is within a turn.</summary>
internal readonly ref struct ActiveDecode
{
    private static readonly UpDownCounter<long> Active = SwanMeter.Meter.CreateUpDownCounter<long>(
        "swan.decode.active", "{image}", "Images that are being decoded.");

    public static ActiveDecode Begin()
    {
        Active.Add(1);
        return default;
    }

    public void Dispose() => Active.Add(-1);
}
