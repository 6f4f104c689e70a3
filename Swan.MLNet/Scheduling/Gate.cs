namespace Swan.MLNet.Scheduling;

/// <summary>A lock that even an interrupted thread acquires, so cleanup always runs.</summary>
/// <remarks>
/// An interrupt that comes while a thread waits for the lock isn't lost: it ends the thread's next wait after the lock. Safe for
/// concurrent use.
/// </remarks>
internal sealed class Gate
{
    private readonly object _lock = new();

    /// <summary>Takes the lock; disposing what comes back leaves it.</summary>
    public Held Enter()
    {
        bool interrupted = false;
        while (true)
        {
            try
            {
                Monitor.Enter(_lock);
                return new Held(_lock, interrupted);
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }
    }

    /// <summary>The lock, while it is held.</summary>
    public readonly ref struct Held(object held, bool interrupted)
    {
        /// <summary>Leaves the lock until a pulse, and takes it again.</summary>
        /// <exception cref="ThreadInterruptedException">Interrupted; the lock is held nevertheless.</exception>
        public void Wait() => Monitor.Wait(held);

        /// <summary>Wakes all that wait.</summary>
        public void PulseAll() => Monitor.PulseAll(held);

        public void Dispose()
        {
            Monitor.Exit(held);
            if (interrupted) Thread.CurrentThread.Interrupt();
        }
    }
}
