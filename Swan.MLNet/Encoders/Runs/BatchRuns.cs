using System.Runtime.ExceptionServices;

namespace Swan.MLNet.Encoders;

/// <summary>The runs of one batch, made by its caller's thread and by such threads of the pool as find a turn at once.</summary>
/// <remarks>
/// Only the caller's thread waits, for turns and at the end for the others, and only it hands results on. A thread of the pool that finds
/// no turn goes back; others are asked for before each run of the caller's.
/// </remarks>
/// <param name="turns">The session's.</param>
/// <param name="runs">How many runs.</param>
/// <param name="run">Makes run <c>i</c> with a turn, on several threads.</param>
internal sealed class BatchRuns(EncoderTurns turns, int runs, Action<int, RunTurn> run)
{
    // For Monitor's signals, which a Lock doesn't have.
    private readonly object _lock = new();
    private readonly List<Exception> _faults = [];
    private int _next;
    private int _helpers;
    private int _helped;
    private int _ended;

    /// <summary>Makes them all. When this returns or throws, none is going on.</summary>
    /// <param name="isOneRow">The batch is one row.</param>
    /// <param name="handOn">Called on this thread after runs have ended; null for nothing.</param>
    /// <param name="cancellation">Ends the wait for a turn.</param>
    /// <exception cref="Exception">The first of what runs and <paramref name="handOn"/> threw; exhausted memory goes before.</exception>
    public void Make(bool isOneRow, Action? handOn, CancellationToken cancellation)
    {
        try
        {
            while (TryBegin(out int i))
            {
                AskForHelp();
                using (RunTurn turn = turns.Wait(isOneRow, cancellation)) run(i, turn);
                handOn?.Invoke();
            }
            for (int seen = 0; WaitForMore(ref seen);) handOn?.Invoke();
        }
        catch (Exception e)
        {
            Failed(e);
        }
        WaitForAll();
        if (_faults.Count > 0) ExceptionDispatchInfo.Throw(_faults.Find(fault => fault is OutOfMemoryException) ?? _faults[0]);
    }

    private bool TryBegin(out int i)
    {
        lock (_lock)
        {
            i = _next;
            if (i >= runs) return false;
            _next++;
            return true;
        }
    }

    private void AskForHelp()
    {
        int more;
        lock (_lock)
        {
            more = Math.Min(turns.AtOnce - 1, runs - _next) - _helpers;
            if (more > 0) _helpers += more;
        }
        for (; more > 0; more--)
        {
            try
            {
                _ = Task.Run(Help, CancellationToken.None);
            }
            catch (TaskSchedulerException)
            {
                // The system gives the pool no more threads. This one makes the runs.
                lock (_lock) _helpers -= more;
                return;
            }
        }
    }

    private void Help()
    {
        while (TryHelp())
        {
        }
    }

    // It may begin long after the batch has ended, and then touches nothing of it.
    private bool TryHelp()
    {
        lock (_lock)
        {
            // Who finds no turn now is not who finds one later, so the caller may ask for another from here on.
            _helpers--;
            if (_next >= runs) return false;
        }
        using RunTurn? turn = turns.TryTake();
        int i;
        lock (_lock)
        {
            if (turn is null || _next >= runs) return false;
            i = _next++;
            _helpers++;
            _helped++;
        }
        try
        {
            run(i, turn);
        }
        catch (Exception e)
        {
            Failed(e);
        }
        // Before the batch can end.
        turn.Dispose();
        lock (_lock)
        {
            _helped--;
            _ended++;
            Monitor.PulseAll(_lock);
        }
        return true;
    }

    private void Failed(Exception fault)
    {
        lock (_lock)
        {
            _faults.Add(fault);
            _next = runs;
        }
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
