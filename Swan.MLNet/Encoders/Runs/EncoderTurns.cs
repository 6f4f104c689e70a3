using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Encoders;

/// <summary>How many runs one session makes at a time, and how many threads each of them takes.</summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="atOnce">Runs at a time.</param>
/// <param name="threads">Threads of a run; 0 on a GPU, where nothing is waited for.</param>
internal sealed class EncoderTurns(int atOnce, int threads)
{
    private const int AnyNumber = int.MaxValue;
    private readonly Permits _turns = new(threads > 0 ? atOnce : AnyNumber);
    private readonly Lock _lowering = new();

    /// <summary>Runs at a time that a batch is worth dividing for; falls where memory doesn't suffice for them.</summary>
    public int AtOnce => (int)Math.Min(atOnce, _turns.Limit);

    /// <summary>Runs that wait for a turn of the session now.</summary>
    public int Waiting => _turns.Waiting;

    /// <summary>Waits for a turn.</summary>
    /// <param name="isOneRow">One image or one query is encoded. It waits for other runs, but not for decodes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public RunTurn Wait(bool isOneRow, CancellationToken cancellation)
    {
        var turn = new RunTurn(this, _turns, threads, isOneRow);
        turn.Enter(1, cancellation);
        return turn;
    }

    /// <summary>Returns the turn of a run that found no memory beside others, and waits until no others run.</summary>
    /// <remarks>From now on, only as many runs at a time as went on without it are allowed, so the next batch does not exhaust
    /// memory.</remarks>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public void Exhausted(RunTurn turn, CancellationToken cancellation)
    {
        lock (_lowering)
        {
            long others = _turns.Taken - 1;
            if (others > 0) _turns.Limit = Math.Min(_turns.Limit, others);
            turn.Dispose();
        }
        // More than there are: granted when nothing else is taken.
        turn.Enter(AnyNumber, cancellation);
    }
}
