using System.Runtime.ExceptionServices;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Search;

/// <summary>Units of a scan that the caller's thread does, and other threads with it as far as there are processors for them.</summary>
/// <remarks>
/// The caller's thread alone can do all units, so a busy thread pool is slow but not stuck. Others help where a processor is free at once:
/// threads of the pool, which are asked, and those that wait for this scan to end (<see cref="TryHelp"/>). Used again after it has ended;
/// who comes late helps the next one. Nothing is allocated.
/// </remarks>
internal abstract class SharedScan : IThreadPoolWorkItem
{
    private readonly object _gate = new();
    private CancellationToken _cancellation;
    private Exception? _fault;
    private bool _open;
    private int _units;
    private int _next;
    private int _helping;
    private int _asked;

    private static Permits Processors => WorkFrame.Process.Processors;

    /// <summary>Units take long: a processor that others wait for is given to them between two.</summary>
    protected virtual bool GivesWay => false;

    /// <summary>Threads that scan at a time, at most.</summary>
    public static int Threads => (int)Math.Min(Environment.ProcessorCount, Processors.Limit);

    /// <summary>Does units if there are some left and a processor for it.</summary>
    /// <returns>False if it has done nothing.</returns>
    public bool TryHelp()
    {
        lock (_gate)
        {
            if (!_open || _next >= _units) return false;
            _helping++;
        }
        bool helped = false;
        try
        {
            ScanRoom room = ScanRoom.All.Take();
            using (room.Processor)
            {
                helped = room.Processor.TryTake(1);
                if (helped) Work(room, isCaller: false);
            }
            ScanRoom.All.GiveBack(room);
        }
        catch (Exception e)
        {
            Failed(e);
        }
        lock (_gate)
        {
            if (--_helping == 0) Monitor.PulseAll(_gate);
        }
        return helped;
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Decrement(ref _asked);
        TryHelp();
    }

    /// <summary>Does all units, and returns or throws when no thread is at work any more.</summary>
    /// <param name="units">How many.</param>
    /// <param name="waits">
    /// The caller's thread waits for a processor. It doesn't for one query, which takes milliseconds, where a large image's decoding takes
    /// up to seconds.
    /// </param>
    /// <param name="cancellation">Ends the wait and the work.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    protected void Run(int units, bool waits, CancellationToken cancellation)
    {
        ScanRoom room = ScanRoom.All.Take();
        using (room.Processor)
        {
            if (waits) room.Processor.Enter(1, cancellation);
            else room.Processor.Take(1);
            lock (_gate)
            {
                (_units, _next, _fault, _cancellation, _open) = (units, 0, null, cancellation, true);
            }
            try
            {
                AskForHelp(Math.Min(units, Threads) - 1);
                Work(room, isCaller: true);
            }
            catch (Exception e)
            {
                Failed(e);
            }
        }
        ScanRoom.All.GiveBack(room);
        lock (_gate)
        {
            _open = false;
            while (_helping > 0) WaitForHelpers();
        }
        if (_fault is not null) ExceptionDispatchInfo.Throw(_fault);
    }

    /// <summary>Prepares a thread for units.</summary>
    protected abstract void Begin(ScanRoom room);

    /// <summary>Does one unit.</summary>
    protected abstract void Do(int unit, ScanRoom room, CancellationToken cancellation);

    /// <summary>Takes what a thread has found; one thread at a time.</summary>
    protected abstract void End(ScanRoom room);

    private void Work(ScanRoom room, bool isCaller)
    {
        Begin(room);
        for (int unit; (unit = Interlocked.Increment(ref _next) - 1) < _units;)
        {
            Do(unit, room, _cancellation);
            if (!GivesWay || Processors.Waiting == 0) continue;
            room.Processor.Dispose();
            if (isCaller) room.Processor.Enter(1, _cancellation);
            else if (!room.Processor.TryTake(1)) break;
        }
        lock (_gate) End(room);
    }

    private void WaitForHelpers()
    {
        try
        {
            Monitor.Wait(_gate);
        }
        catch (ThreadInterruptedException e)
        {
            // Helpers still read what the caller gave.
            _fault ??= e;
        }
    }

    private void Failed(Exception fault)
    {
        lock (_gate)
        {
            // Callers tell exhausted memory from other faults.
            if (_fault is null || fault is OutOfMemoryException) _fault = fault;
            _next = _units;
        }
    }

    private void AskForHelp(int threads)
    {
        while (Volatile.Read(ref _asked) < threads)
        {
            Interlocked.Increment(ref _asked);
            try
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
            catch (OutOfMemoryException)
            {
                // The system gives the pool no more threads. This one does the units.
                Interlocked.Decrement(ref _asked);
                return;
            }
        }
    }
}
