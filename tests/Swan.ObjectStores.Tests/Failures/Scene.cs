using System.Collections.Concurrent;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Servers;

namespace Swan.ObjectStores.Tests.Failures;

/// <summary>A store behind a proxy that fails on command; pauses are noted instead of waited for.</summary>
public sealed class Scene : IAsyncDisposable
{
    public const int MaxAttempts = 5;

    private readonly Func<byte[], Task> _replace;
    private readonly int _before;

    internal Scene(StoreProxy proxy, ObjectStore store, ConcurrentQueue<TimeSpan> waits, Func<byte[], Task> replace)
    {
        (Proxy, Store, Waits, _replace) = (proxy, store, waits, replace);
        _before = proxy.Requests.Length;
        waits.Clear();
    }

    internal StoreProxy Proxy { get; }

    public ObjectStore Store { get; }

    public ConcurrentQueue<TimeSpan> Waits { get; }

    internal ProxiedRequest[] Requests => Proxy.Requests[_before..];

    internal ProxiedRequest[] Reads => [.. Requests.Where(r => r.IsRead)];

    internal ProxiedRequest[] Writes => [.. Requests.Where(r => r.IsWrite)];

    /// <summary>Sets what tests of failures need.</summary>
    internal static void Set(ObjectStoreOptions options, ConcurrentQueue<TimeSpan> waits, Action<ObjectStoreOptions>? set)
    {
        (options.MaxAttempts, options.MaxDelay) = (MaxAttempts, TimeSpan.FromSeconds(2));
        options.Wait = (pause, cancellation) =>
        {
            waits.Enqueue(pause);
            return Task.CompletedTask;
        };
        set?.Invoke(options);
    }

    /// <summary>Gives the object another content.</summary>
    public Task ReplaceAsync(byte[] bytes) => _replace(bytes);

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await Proxy.DisposeAsync();
    }
}
