namespace Swan.MLNet.Scheduling;

/// <summary>The turn of one image to be decoded and resized, from its beginning to its disposal.</summary>
/// <remarks>
/// It goes with the flow of execution, so that a decoder finds it below a caller's own code. Within a turn nothing of the frame is waited
/// for but the memory of its first image: others' turns could wait for this one. An inner turn counts with the outer one.
/// </remarks>
internal sealed class DecodeTurn : IDisposable
{
    private static readonly AsyncLocal<DecodeTurn?> Ambient = new();
    private readonly DecodeTurn? _outer = Current;
    private readonly CancellationToken _cancellation;
    private readonly Permit? _turn;
    private readonly Permit _pixels = WorkFrame.Process.Pixels.Hold();
    private int _charged;
    private volatile bool _ended;

    private DecodeTurn(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        if (_outer is null) _turn = WorkFrame.Process.Decodes.Enter(1, cancellation);
        else _charged = 1;
        Ambient.Value = this;
    }

    /// <summary>The turn that this code runs in, or null.</summary>
    public static DecodeTurn? Current
    {
        get
        {
            DecodeTurn? turn = Ambient.Value;
            // Work that a turn left behind has the turn still around it.
            while (turn is { _ended: true }) turn = turn._outer;
            return turn;
        }
    }

    /// <summary>Waits for a turn.</summary>
    /// <param name="cancellation">Ends the wait, and that for memory.</param>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public static DecodeTurn Begin(CancellationToken cancellation) => new(cancellation);

    /// <summary>Waits for a turn unless this code has one; null then.</summary>
    public static DecodeTurn? BeginUnlessInside() => Current is null ? Begin(CancellationToken.None) : null;

    /// <summary>Waits until there is memory for decoding an image; called before it is allocated. Kept to the end of the turn.</summary>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public static void Charge(long bytes)
    {
        if (Current is { } turn) turn.Take(bytes);
    }

    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        Ambient.Value = _outer;
        _pixels.Dispose();
        _turn?.Dispose();
    }

    private void Take(long bytes)
    {
        if (Interlocked.Exchange(ref _charged, 1) == 0) _pixels.Enter(bytes, _cancellation);
        else _pixels.Take(bytes);
    }
}
