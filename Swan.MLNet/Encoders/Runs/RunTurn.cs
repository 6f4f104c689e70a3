using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Encoders;

/// <summary>The resources of a run: a turn of its session, encoder threads of the process, and processors.</summary>
/// <remarks>Acquired in this order, and returned together.</remarks>
internal sealed class RunTurn(EncoderTurns session, Permits turns, int threads, bool isOneRow) : IDisposable
{
    private readonly Permit _turn = turns.Hold();
    private readonly Permit _threads = WorkFrame.Process.Encoders.Hold();
    private readonly Permit _processors = WorkFrame.Process.Processors.Hold();

    /// <summary>Waits until this run is the session's only one; its resources go to others meanwhile.</summary>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public void BecomeAlone(CancellationToken cancellation) => session.Exhausted(this, cancellation);

    internal void Enter(long units, CancellationToken cancellation)
    {
        try
        {
            _turn.Enter(units, cancellation);
            if (threads == 0) return;
            _threads.Enter(threads, cancellation);
            // One row takes a few milliseconds, and a large image's decoding up to seconds.
            if (isOneRow) _processors.Take(threads);
            else _processors.Enter(threads, cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _processors.Dispose();
        _threads.Dispose();
        _turn.Dispose();
    }
}
