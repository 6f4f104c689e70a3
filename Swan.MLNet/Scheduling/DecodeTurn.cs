namespace Swan.MLNet.Scheduling;

/// <summary>The turn of one image to be decoded and resized, from its beginning to its disposal.</summary>
/// <remarks>
/// It belongs to the thread that began it, so decoders find it. No caller's code runs within a turn. A turn waits only for the memory of
/// its first image, and for a processor, which it returns while it waits for that memory; otherwise turns could wait for each other.
/// </remarks>
internal sealed class DecodeTurn : IDisposable
{
    [ThreadStatic]
    private static DecodeTurn? t_current;

    // The charges of ended turns for managed memory, and the collections of all generations when they were zero.
    private static long s_garbage;
    private static int s_collections;

    private readonly CancellationToken _cancellation;
    private readonly bool _endsWithPicture;
    private readonly Permit _turn;
    private readonly Permit _processor = WorkFrame.Process.Processors.Hold();
    private readonly Permit _pixels = WorkFrame.Process.Pixels.Hold();
    private readonly List<PooledBuffer> _pictures = [];
    private long _managed;
    private bool _charged;
    private bool _ended;

    private DecodeTurn(CancellationToken cancellation, bool endsWithPicture)
    {
        _cancellation = cancellation;
        _endsWithPicture = endsWithPicture;
        _turn = WorkFrame.Process.Decodes.Enter(1, cancellation);
        try
        {
            _processor.Enter(1, cancellation);
        }
        catch
        {
            _turn.Dispose();
            throw;
        }
        t_current = this;
    }

    /// <summary>What this thread's turn has been charged; 0 without one.</summary>
    public static long Charged => t_current?._pixels.Units ?? 0;

    /// <summary>Whether this thread has a turn that its image ends with.</summary>
    public static bool EndsWithPicture => t_current is { _endsWithPicture: true };

    /// <summary>Waits for a turn in which an image is decoded and made into what outlives it: the decoded image itself does not.</summary>
    /// <param name="cancellation">Ends the wait, and that for memory.</param>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public static DecodeTurn Begin(CancellationToken cancellation) => new(cancellation, endsWithPicture: true);

    /// <summary>Waits for a turn, whose image its caller keeps, unless this code has one; null then.</summary>
    public static DecodeTurn? BeginUnlessInside() => t_current is null ? new(CancellationToken.None, endsWithPicture: false) : null;

    /// <summary>Waits until there is memory for decoding an image; called before it is allocated. Kept to the end of the turn.</summary>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public static void Charge(long bytes)
    {
        if (t_current is not { } turn) return;
        turn.Take(bytes);
        turn._managed += bytes;
        CollectGarbage(bytes);
    }

    /// <summary>As <see cref="Charge"/>, for memory outside the garbage collector's heap.</summary>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public static void ChargeBuffers(long bytes)
    {
        if (t_current is not { } turn) return;
        turn.Take(bytes);
        CollectGarbage(bytes);
    }

    /// <summary>Memory for a decoded image that is given back when the turn ends; null where the image outlives the turn.</summary>
    public static PooledBuffer? RentPicture(int bytes)
    {
        if (t_current is not { _endsWithPicture: true } turn) return null;
        PooledBuffer picture = WorkFrame.Process.Buffers.Rent(bytes);
        turn._pictures.Add(picture);
        return picture;
    }

    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        t_current = null;
        // Before their charge, so waiting turns find them.
        foreach (PooledBuffer picture in _pictures) picture.Dispose();
        if (_managed > 0) Interlocked.Add(ref s_garbage, _managed);
        _pixels.Dispose();
        _processor.Dispose();
        _turn.Dispose();
    }

    // Large arrays stay until a collection of all generations, which the collector would let wait for several times the frame's bytes.
    private static void CollectGarbage(long more)
    {
        int collections = GC.CollectionCount(GC.MaxGeneration);
        if (Interlocked.Exchange(ref s_collections, collections) != collections) Interlocked.Exchange(ref s_garbage, 0);
        if (Interlocked.Read(ref s_garbage) is not 0 and var garbage && garbage + more > WorkFrame.Process.Pixels.Limit)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    }

    private void Take(long bytes)
    {
        if (_charged) _pixels.Take(bytes);
        else if (!_pixels.TryTake(bytes)) WaitForMemory(bytes);
        _charged = true;
    }

    // Encoders and other decoders use the processor meanwhile; some of them hold the memory.
    private void WaitForMemory(long bytes)
    {
        _processor.Dispose();
        _pixels.Enter(bytes, _cancellation);
        _processor.Enter(1, _cancellation);
    }
}
