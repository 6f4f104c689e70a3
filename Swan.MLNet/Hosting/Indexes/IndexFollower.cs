using Microsoft.Extensions.Logging;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Hosting;

/// <summary>A hosted living index, and a loop that puts new commits into service even without searches.</summary>
internal sealed class IndexFollower
{
    private static readonly IndexOwner Owner = new(
        typeof(IServiceProvider).FullName!,
        "The living index is closed because its container was disposed. Search before the host stops.", Reports: true);

    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _looking = new();
    private readonly Task _loop;
    private long _told;
    private Exception? _fault;

    /// <summary>Opens the index.</summary>
    /// <param name="options">Valid ones.</param>
    /// <param name="logger">Is told of generations and faults.</param>
    public IndexFollower(SwanIndexServiceOptions options, ILogger logger)
    {
        _logger = logger;
        Index = SwanLiveIndex.OpenShared(options.Folder, new SwanLiveIndexOptions { RefreshInterval = options.RefreshInterval }, Owner);
        Tell(isFirst: true, fault: null);
        TimeSpan interval = options.RefreshInterval;
        // The loop outlives whatever request opened the index, so it must not carry that request's trace and log scopes.
        using (ExecutionContext.SuppressFlow()) _loop = Task.Run(() => LoopAsync(interval));
    }

    /// <summary>What is served.</summary>
    public SwanLiveIndex Index { get; }

    /// <summary>Looks now.</summary>
    /// <returns>The reason that the folder can't be read now, so the earlier state keeps answering; null if it can.</returns>
    public Exception? Look()
    {
        using Lock.Scope scope = _looking.EnterScope();
        Exception? fault = null;
        try
        {
            Index.Refresh();
        }
        catch (Exception e)
        {
            // Whatever it is, the earlier state keeps answering.
            fault = e;
        }
        Tell(isFirst: false, fault);
        return fault;
    }

    /// <summary>Ends the loop, and closes the index.</summary>
    public void Close()
    {
        _stop.Cancel();
        try
        {
            _loop.GetAwaiter().GetResult();
        }
        finally
        {
            _stop.Dispose();
            Index.Close();
        }
    }

    private void Tell(bool isFirst, Exception? fault)
    {
        try
        {
            if (fault is null) TellGeneration(isFirst);
            // Once for each fault, not at each look.
            else if (fault.Message != _fault?.Message) TellFault(fault);
            _fault = fault;
        }
        catch (Exception)
        {
            // A logger or a listener failed, so the fault can't be reported. It is reported again at the next check.
        }
    }

    private void TellGeneration(bool isFirst)
    {
        // A search may have seen it first.
        long generation = Index.Generation;
        if (generation == _told) return;
        _told = generation;
        _logger.IndexInService(generation, Index.Folder, Index.Count);
        if (!isFirst) SwanTelemetry.Generations.Add(1);
    }

    private void TellFault(Exception fault)
    {
        SwanTelemetry.CountFailure("reload", fault.GetType().Name);
        _logger.IndexUnreadable(fault, Index.Folder, _told);
    }

    private async Task LoopAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false)) Look();
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }
}
