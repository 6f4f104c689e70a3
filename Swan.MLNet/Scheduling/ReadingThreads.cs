namespace Swan.MLNet.Scheduling;

/// <summary>Threads that wait for disks and networks, apart from the thread pool, which has about one thread a processor.</summary>
/// <remarks>
/// One thread reads while reads end quickly, because each further thread takes processor time from decoding. For each millisecond without a
/// finished read, one more starts, up to <see cref="WorkFrame.Reads"/>. Idle ones end. Safe for concurrent use.
/// </remarks>
internal sealed class ReadingThreads
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(1), Patience = TimeSpan.FromSeconds(10);

    // A monitor does not spin before it sleeps.
    private readonly object _lock = new();
    private readonly Queue<Posted> _work = new();
    private int _threads;
    private int _idle;
    private int _reading;
    private long _ended;
    private Watch _watch;

    // Whether a thread watches for work that no thread has taken.
    private enum Watch
    {
        None,
        Called,
        Kept,
    }

    /// <summary>Runs it on one of the threads, in the caller's execution context; begun in the order of posting.</summary>
    /// <param name="read">Must not throw.</param>
    public void Post(Action read)
    {
        lock (_lock)
        {
            _work.Enqueue(new Posted(read, ExecutionContext.Capture()));
            CallWatch();
        }
    }

    private void CallWatch()
    {
        if (_watch != Watch.None || _work.Count == 0) return;
        if (_idle > 0) Monitor.Pulse(_lock);
        else if (_threads < WorkFrame.Process.Reads.Limit) Start();
        // Else all threads read, and the first to finish takes the next.
        else return;
        _watch = Watch.Called;
    }

    private void Start()
    {
        new Thread(Run) { IsBackground = true, Name = "Swan reading" }.UnsafeStart();
        _threads++;
    }

    private void Run()
    {
        bool ended = false;
        while (Next(ended) is { } work)
        {
            if (work.Context is { } context) ExecutionContext.Run(context, static state => ((Action)state!)(), work.Read);
            else work.Read();
            lock (_lock)
            {
                _reading--;
                _ended++;
            }
            ended = true;
        }
    }

    // A thread that has just finished a read begins the next one; others first wait to see whether reads finish without help.
    private Posted? Next(bool ended)
    {
        lock (_lock)
        {
            bool mayTake = ended;
            while (true)
            {
                if (_work.Count > 0 && (mayTake || _reading == 0)) return Take(ended);
                if (_work.Count > 0 && _watch != Watch.Kept)
                {
                    mayTake = NoneEnds();
                    continue;
                }
                // Another thread has taken the work that it was called for.
                if (_watch == Watch.Called) _watch = Watch.None;
                _idle++;
                bool called = Monitor.Wait(_lock, Patience);
                _idle--;
                ended = mayTake = false;
                if (called || _work.Count > 0) continue;
                _threads--;
                return null;
            }
        }
    }

    // Waits a moment; true if no read ended meanwhile.
    private bool NoneEnds()
    {
        _watch = Watch.Kept;
        long before = _ended;
        Monitor.Wait(_lock, Quick);
        _watch = Watch.None;
        return _ended == before;
    }

    private Posted Take(bool ended)
    {
        // The called thread reads now, and another one must watch the rest.
        if (!ended && _watch == Watch.Called) _watch = Watch.None;
        Posted work = _work.Dequeue();
        _reading++;
        CallWatch();
        return work;
    }

    private sealed record Posted(Action Read, ExecutionContext? Context);
}
