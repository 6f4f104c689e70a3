using System.Collections.Concurrent;
using System.Diagnostics;
using Swan.MLNet.Diagnostics;

namespace Swan.Testing;

/// <summary>Listens to the activity source "Swan" while it lives.</summary>
public sealed class Activities : IDisposable
{
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;

    public Activities(Action<Activity>? started = null)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SwanTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = started,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Activity[] Of(string name) => [.. _stopped.Where(a => a.OperationName == name)];

    public void Dispose() => _listener.Dispose();
}
