using System.Diagnostics;

namespace Swan.ObjectStores.Requests;

/// <summary>How long all attempts at one object may still take together; only waiting for the store counts.</summary>
internal sealed class Budget(TimeSpan whole)
{
    private readonly Stopwatch _watch = new();

    public TimeSpan Used => _watch.Elapsed;

    public TimeSpan Left => whole - _watch.Elapsed;

    public void Start() => _watch.Start();

    public void Stop() => _watch.Stop();
}
