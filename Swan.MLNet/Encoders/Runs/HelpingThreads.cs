using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Encoders;

/// <summary>The process's threads that execute runs of batches beside their callers' threads.</summary>
/// <remarks>
/// They queue for turns like callers, because the thread pool can't spare threads for waiting. So they start as soon as a decode returns
/// its processor, not only at the caller's next run. Their number is the encoders' threads less the caller's. Idle ones end. Safe for
/// concurrent use.
/// </remarks>
internal sealed class HelpingThreads
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A monitor does not spin before it sleeps.
    private readonly object _lock = new();
    private readonly LinkedList<Asked> _asked = new();
    private int _threads;
    private int _idle;

    public static HelpingThreads Process { get; } = new();

    private static int Most => Math.Max(1, WorkFrame.Process.EncoderThreads - 1);

    /// <summary>Requests help of threads, in the caller's execution context, as soon as they finish earlier requests.</summary>
    /// <param name="batch">What they help with.</param>
    /// <param name="threads">How many, at most.</param>
    public void Ask(BatchRuns batch, int threads)
    {
        lock (_lock)
        {
            var context = ExecutionContext.Capture();
            for (int i = 0; i < threads; i++) _asked.AddLast(new Asked(batch, context));
            // A thread that was called but has not come yet is idle, and its future task is still queued.
            for (int i = Math.Min(threads, _idle); i > 0; i--) Monitor.Pulse(_lock);
            for (int missing = _asked.Count - _idle; missing > 0 && _threads < Most; missing--) Start();
        }
    }

    /// <summary>Takes back what no thread has begun.</summary>
    public void Withdraw(BatchRuns batch)
    {
        lock (_lock)
        {
            for (LinkedListNode<Asked>? node = _asked.First, next; node is not null; node = next)
            {
                next = node.Next;
                if (node.Value.Batch == batch) _asked.Remove(node);
            }
        }
    }

    private void Start()
    {
        try
        {
            new Thread(Run) { IsBackground = true, Name = "Swan encoding" }.UnsafeStart();
            _threads++;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // The system gives no more threads. Callers make their runs themselves.
        }
    }

    private void Run()
    {
        while (Next() is { } asked)
        {
            if (asked.Context is { } context) ExecutionContext.Run(context, static state => ((BatchRuns)state!).Help(), asked.Batch);
            else asked.Batch.Help();
        }
    }

    private Asked? Next()
    {
        lock (_lock)
        {
            while (_asked.First is null)
            {
                _idle++;
                bool called = Monitor.Wait(_lock, Patience);
                _idle--;
                if (called || _asked.First is not null) continue;
                _threads--;
                return null;
            }
            Asked first = _asked.First.Value;
            _asked.RemoveFirst();
            return first;
        }
    }

    private sealed record Asked(BatchRuns Batch, ExecutionContext? Context);
}
