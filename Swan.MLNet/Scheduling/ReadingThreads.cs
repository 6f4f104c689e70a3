namespace Swan.MLNet.Scheduling;

/// <summary>Threads that wait for disks and networks, apart from the thread pool, which has about one thread a processor.</summary>
/// <remarks>There are as many as there is work, up to <see cref="WorkFrame.Reads"/>; idle ones end. Safe for concurrent use.</remarks>
internal sealed class ReadingThreads
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly Queue<(Action Read, ExecutionContext? Context)> _work = new();
    private readonly SemaphoreSlim _posted = new(0);
    private int _threads;
    private int _idle;

    /// <summary>Runs it on one of the threads, in the caller's execution context and in the order of posting.</summary>
    /// <param name="read">Must not throw.</param>
    public void Post(Action read)
    {
        lock (_lock)
        {
            _work.Enqueue((read, ExecutionContext.Capture()));
            if (_idle >= _work.Count || _threads >= WorkFrame.Process.Reads.Limit)
            {
                _posted.Release();
                return;
            }
            _threads++;
        }
        try
        {
            new Thread(Run) { IsBackground = true, Name = "Swan reading" }.UnsafeStart();
        }
        catch
        {
            lock (_lock) _threads--;
            throw;
        }
        _posted.Release();
    }

    private void Run()
    {
        while (Next() is { } work)
        {
            if (work.Context is { } context) ExecutionContext.Run(context, static state => ((Action)state!)(), work.Read);
            else work.Read();
        }
    }

    private (Action Read, ExecutionContext? Context)? Next()
    {
        lock (_lock) _idle++;
        bool came = _posted.Wait(Patience);
        lock (_lock)
        {
            _idle--;
            if (came) return _work.Dequeue();
            _threads--;
            return null;
        }
    }
}
