using System.Runtime.ExceptionServices;

namespace Swan.MLNet.Encoders;

/// <summary>The runs of one batch, made by its caller's thread and by the <see cref="HelpingThreads"/>.</summary>
/// <remarks>
/// All these threads queue for turns, so no processor stays idle while a run is left; pool threads never queue. Only the caller's thread
/// passes results on. When the last run has begun, the threads still waiting leave the queue.
/// </remarks>
/// <param name="turns">The session's.</param>
/// <param name="runs">How many runs.</param>
/// <param name="run">Makes run <c>i</c> with a turn, on several threads.</param>
internal sealed class BatchRuns(EncoderTurns turns, int runs, Action<int, RunTurn> run)
{
    // For Monitor's signals, which a Lock doesn't have.
    private readonly object _lock = new();
    private readonly List<Exception> _faults = [];
    private CancellationTokenSource? _allBegun;
    private int _next;
    private int _helped;
    private int _ended;

    /// <summary>Makes them all. When this returns or throws, none is going on.</summary>
    /// <param name="isOneRow">The batch is one row.</param>
    /// <param name="handOn">Called on this thread after runs have ended; null for nothing.</param>
    /// <param name="cancellation">Ends the wait for a turn.</param>
    /// <exception cref="Exception">The first of what runs and <paramref name="handOn"/> threw; exhausted memory goes before.</exception>
    public void Make(bool isOneRow, Action? handOn, CancellationToken cancellation)
    {
        int helpers = Math.Min(turns.AtOnce, runs) - 1;
        if (helpers > 0)
        {
            _allBegun = new CancellationTokenSource();
            HelpingThreads.Process.Ask(this, helpers);
        }
        try
        {
            while (TryBegin(out int i))
            {
                using (RunTurn turn = turns.Wait(isOneRow, cancellation)) run(i, turn);
                handOn?.Invoke();
            }
            for (int seen = 0; WaitForMore(ref seen);) handOn?.Invoke();
        }
        catch (Exception e)
        {
            Failed(e);
        }
        if (helpers > 0) HelpingThreads.Process.Withdraw(this);
        WaitForAll();
        if (_faults.Count > 0) ExceptionDispatchInfo.Throw(_faults.Find(fault => fault is OutOfMemoryException) ?? _faults[0]);
    }

    /// <summary>Makes runs on this thread until all have begun. After the batch has ended it touches nothing of it.</summary>
    public void Help()
    {
        while (Volatile.Read(ref _next) < runs)
        {
            RunTurn turn;
            try
            {
                turn = turns.Wait(isOneRow: false, _allBegun!.Token);
            }
            catch (Exception)
            {
                // All runs have begun, or waiting lacks memory: the caller makes them all, and meets any fault.
                return;
            }
            using (turn)
            {
                if (!TryBegin(out int i, helps: true)) return;
                try
                {
                    run(i, turn);
                }
                catch (Exception e)
                {
                    Failed(e);
                }
            }
            // The turn is given back before the batch can end.
            Ended();
        }
    }

    private bool TryBegin(out int i, bool helps = false)
    {
        lock (_lock)
        {
            i = _next;
            if (i >= runs) return false;
            _next++;
            if (helps) _helped++;
            if (_next < runs) return true;
        }
        // Not under the lock: turns are handed to others here.
        _allBegun?.Cancel();
        return true;
    }

    private void Ended()
    {
        lock (_lock)
        {
            _helped--;
            _ended++;
            Monitor.PulseAll(_lock);
        }
    }

    private void Failed(Exception fault)
    {
        lock (_lock)
        {
            _faults.Add(fault);
            _next = runs;
        }
        _allBegun?.Cancel();
    }

    private bool WaitForMore(ref int seen)
    {
        lock (_lock)
        {
            while (_ended == seen && _helped > 0) Monitor.Wait(_lock);
            if (_ended == seen) return false;
            seen = _ended;
            return true;
        }
    }

    private void WaitForAll()
    {
        lock (_lock)
        {
            while (_helped > 0) Monitor.Wait(_lock);
        }
    }
}
