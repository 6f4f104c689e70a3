using System.Runtime.ExceptionServices;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Search;

/// <summary>Units of a scan that the caller's thread does, and other threads with it as far as there are processors for them.</summary>
/// <remarks>
/// The caller's thread alone can do all units, so a busy thread pool makes it slow but not stuck. Others help if a processor is free at
/// once: pool threads, which are requested as long as some are missing, and threads that wait for this scan to end (<see cref="TryHelp"/>).
/// It is reused after it ends; latecomers help the next scan. Nothing is allocated. Interrupted or not, the caller leaves only when all
/// helpers have stopped, because they read its data.
/// </remarks>
internal abstract class SharedScan : IThreadPoolWorkItem
{
    // Short units that the caller does before it looks whether others could help: a millisecond.
    private const int Between = 64;

    private readonly Gate _gate = new();
    private CancellationToken _cancellation;
    private Func<bool>? _isUnwanted;
    private Exception? _fault;
    private bool _open;
    private int _units;
    private int _threads;
    private int _next;
    private int _helping;
    private int _asked;

    private static Permits Processors => WorkFrame.Process.Processors;

    /// <summary>Units take long: a processor that others wait for is given to them between two.</summary>
    protected virtual bool GivesWay => false;

    /// <summary>Threads that scan at a time, at most.</summary>
    public static int Threads => (int)Math.Min(Environment.ProcessorCount, Processors.Limit);

    /// <summary>Does units if there are some left and a processor for it.</summary>
    /// <param name="own">Ends the help, not the scan.</param>
    /// <returns>False if it has done nothing.</returns>
    public bool TryHelp(CancellationToken own)
    {
        using (_gate.Enter())
        {
            if (!_open || _next >= _units || _helping >= _threads - 1) return false;
            _helping++;
        }
        bool helps = false;
        try
        {
            ScanRoom room = ScanRoom.All.Take();
            using (room.Processor)
            {
                if (room.Processor.TryTake(1))
                {
                    Begin(room);
                    helps = true;
                    Work(room, isCaller: false, own);
                }
            }
            ScanRoom.All.GiveBack(room);
        }
        catch (Exception e)
        {
            // Failing before the first unit loses nothing: others do the units.
            if (helps) Failed(e);
        }
        finally
        {
            using Gate.Held held = _gate.Enter();
            if (--_helping == 0) held.PulseAll();
        }
        return helps;
    }

    void IThreadPoolWorkItem.Execute()
    {
        using (_gate.Enter()) Came(1);
        TryHelp(CancellationToken.None);
    }

    /// <summary>Does all units, and returns or throws when no thread is still working.</summary>
    /// <param name="units">How many.</param>
    /// <param name="waits">
    /// The caller's thread waits for a processor. It doesn't for one query, which takes milliseconds, where a large image's decoding takes
    /// up to seconds.
    /// </param>
    /// <param name="isUnwanted">Asked after each unit, by several threads: whether the result is no longer wanted.</param>
    /// <param name="cancellation">Ends the wait and the work.</param>
    /// <param name="threads">Threads that work, at most; 0: as many as there are processors.</param>
    /// <exception cref="OperationCanceledException">Canceled, or unwanted.</exception>
    /// <exception cref="ThreadInterruptedException">Interrupted while it waited for a processor.</exception>
    protected void Run(int units, bool waits, Func<bool>? isUnwanted, CancellationToken cancellation, int threads = 0)
    {
        ScanRoom room = ScanRoom.All.Take();
        using (room.Processor)
        {
            if (waits) room.Processor.Enter(1, cancellation);
            else room.Processor.Take(1);
            using (_gate.Enter())
            {
                (_units, _next, _fault, _isUnwanted, _cancellation, _open) = (units, 0, null, isUnwanted, cancellation, true);
                _threads = threads == 0 ? int.MaxValue : threads;
            }
            try
            {
                AskForHelp();
                Begin(room);
                Work(room, isCaller: true, CancellationToken.None);
            }
            catch (Exception e)
            {
                Failed(e);
            }
        }
        Close();
        ScanRoom.All.GiveBack(room);
        if (_fault is not null) ExceptionDispatchInfo.Throw(_fault);
    }

    /// <summary>Prepares a thread for units.</summary>
    protected abstract void Begin(ScanRoom room);

    /// <summary>Does one unit.</summary>
    protected abstract void Do(int unit, ScanRoom room, CancellationToken cancellation);

    /// <summary>Takes what a thread has found; one thread at a time.</summary>
    protected abstract void End(ScanRoom room);

    private void Work(ScanRoom room, bool isCaller, CancellationToken own)
    {
        int done = 0;
        for (int unit; (unit = Interlocked.Increment(ref _next) - 1) < _units;)
        {
            Do(unit, room, _cancellation);
            if (_isUnwanted?.Invoke() == true) throw new OperationCanceledException();
            if (own.IsCancellationRequested) break;
            if (GivesWay && Processors.Waiting > 0)
            {
                room.Processor.Dispose();
                if (isCaller) room.Processor.Enter(1, _cancellation);
                else if (!room.Processor.TryTake(1)) break;
            }
            // Helpers leave, and find no processor at times.
            if (isCaller && (GivesWay || ++done % Between == 0)) AskForHelp();
        }
        using (_gate.Enter()) End(room);
    }

    private void Close()
    {
        bool interrupted = false;
        using (Gate.Held held = _gate.Enter())
        {
            _open = false;
            while (_helping > 0)
            {
                try
                {
                    held.Wait();
                }
                catch (ThreadInterruptedException)
                {
                    interrupted = true;
                }
            }
            (_isUnwanted, _cancellation) = (null, default);
        }
        if (interrupted) Thread.CurrentThread.Interrupt();
    }

    private void Failed(Exception fault)
    {
        using (_gate.Enter())
        {
            // Callers tell exhausted memory from other faults.
            if (_fault is null || fault is OutOfMemoryException) _fault = fault;
            _next = _units;
        }
    }

    private void AskForHelp()
    {
        int missing;
        using (_gate.Enter())
        {
            missing = Math.Min(_units - _next, Math.Min(_threads, Threads) - 1) - _helping - _asked;
            if (missing <= 0 || !Processors.HasFree) return;
            _asked += missing;
        }
        try
        {
            for (; missing > 0; missing--) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadInterruptedException)
        {
            // The system gives the pool no more threads. This one does the units. The last may be in the pool's queue nevertheless.
            using (_gate.Enter()) Came(missing);
            if (e is ThreadInterruptedException) Thread.CurrentThread.Interrupt();
        }
    }

    private void Came(int count) => _asked = Math.Max(0, _asked - count);
}
