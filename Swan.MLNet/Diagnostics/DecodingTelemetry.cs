using System.Diagnostics;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Diagnostics;

/// <summary>Measures one batch of images that are decoded and resized, from its start to its disposal.</summary>
internal readonly ref struct DecodingTelemetry
{
    private readonly int _images;
    private readonly Activity? _activity;

    private DecodingTelemetry(int images, Activity? activity) => (_images, _activity) = (images, activity);

    public static DecodingTelemetry Start(int images)
    {
        RowQueue.ImagesDecoding.Enter(images);
        Activity? activity = SwanTelemetry.Activities.StartActivity("swan.decode");
        activity?.SetTag(SwanTelemetry.RowsTag, images);
        return new DecodingTelemetry(images, activity);
    }

    /// <summary>When one image's decoding starts; 0 where nobody asks for the time.</summary>
    public static long StartImage() => SwanTelemetry.DecodeTime.Enabled ? Stopwatch.GetTimestamp() : 0;

    public static void ImageDone(long start)
    {
        if (start != 0) SwanTelemetry.DecodeTime.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public static void ImageFailed(Exception fault) =>
        SwanTelemetry.CountFailure("decode", fault is SwanImageException image ? image.Fault.ToString() : fault.GetType().Name);

    /// <summary>Says how many images of the batch can't be read.</summary>
    public void Faults(ReadOnlySpan<Exception?> faults)
    {
        if (_activity is not { IsAllDataRequested: true }) return;
        int count = 0;
        foreach (Exception? fault in faults) count += fault is null ? 0 : 1;
        _activity.SetTag(SwanTelemetry.FaultsTag, count);
    }

    public void Dispose()
    {
        _activity?.Dispose();
        RowQueue.ImagesDecoding.Leave(_images);
    }
}
