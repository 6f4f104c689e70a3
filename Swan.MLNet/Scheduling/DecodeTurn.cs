namespace Swan.MLNet.Scheduling;

/// <summary>The turn of one image to be decoded and resized, from its beginning to its disposal.</summary>
/// <remarks>
/// It belongs to the thread that began it, so that decoders find it. No caller's code runs within a turn, and nothing of the frame is
/// waited for but the memory of its first image: others' turns could wait for this one.
/// </remarks>
internal sealed class DecodeTurn : IDisposable
{
    [ThreadStatic]
    private static DecodeTurn? t_current;

    private readonly CancellationToken _cancellation;
    private readonly Permit _turn;
    private readonly Permit _pixels = WorkFrame.Process.Pixels.Hold();
    private bool _charged;
    private bool _ended;

    private DecodeTurn(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _turn = WorkFrame.Process.Decodes.Enter(1, cancellation);
        t_current = this;
    }

    /// <summary>Waits for a turn.</summary>
    /// <param name="cancellation">Ends the wait, and that for memory.</param>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public static DecodeTurn Begin(CancellationToken cancellation) => new(cancellation);

    /// <summary>Waits for a turn unless this code has one; null then.</summary>
    public static DecodeTurn? BeginUnlessInside() => t_current is null ? Begin(CancellationToken.None) : null;

    /// <summary>Waits until there is memory for decoding an image; called before it is allocated. Kept to the end of the turn.</summary>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public static void Charge(long bytes)
    {
        t_current?.Take(bytes);
    }

    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        t_current = null;
        _pixels.Dispose();
        _turn.Dispose();
    }

    private void Take(long bytes)
    {
        if (_charged) _pixels.Take(bytes);
        else _pixels.Enter(bytes, _cancellation);
        _charged = true;
    }
}
