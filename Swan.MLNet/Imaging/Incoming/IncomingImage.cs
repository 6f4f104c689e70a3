using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>One image on its way to pixels: first its bytes are read, which waits for a disk; then it is decoded, which takes a processor.
/// </summary>
/// <remarks>Not safe for concurrent use. Disposing it gives its bytes back to the frame.</remarks>
internal abstract class IncomingImage : IDisposable
{
    // Whether this code is within a read: a caller's stream may read images itself.
    private static readonly AsyncLocal<bool> Reading = new();
    private readonly Permit _bytes = WorkFrame.Process.Files.Hold();
    private Permit? _excess;
    private bool _complete;

    /// <summary>The buffer of its bytes or pixels, returned with it; null if somebody else owns it.</summary>
    public PooledBuffer? Owned { get; init; }

    /// <summary>Whether there is something to read.</summary>
    public virtual bool Reads => false;

    /// <summary>Whether reading it runs a caller's code, which may wait for others that read.</summary>
    public virtual bool IsReadByCaller => false;

    /// <summary>Whether decoding it runs a caller's code, which may wait for others that decode.</summary>
    public virtual bool IsMadeByCaller => false;

    /// <summary>Whether reading it ahead of the decoders is worthwhile.</summary>
    public virtual bool IsSlow => Reads;

    /// <summary>Reads as far as the frame has room for the bytes; never waits for it.</summary>
    public void ReadAhead(CancellationToken cancellation)
    {
        if (_complete || !Reads) return;
        using Permit? turn = Reading.Value || IsReadByCaller ? null : WorkFrame.Process.Reads.Enter(1, cancellation);
        bool outer = Reading.Value;
        Reading.Value = true;
        try
        {
            _complete = ReadOn();
        }
        finally
        {
            Reading.Value = outer;
        }
    }

    /// <summary>Reads to the end; waits for room if it must.</summary>
    public void Read(CancellationToken cancellation)
    {
        ReadAhead(cancellation);
        if (_complete || !Reads) return;
        // Its holder decodes its image next and returns it.
        // Others may wait for the read that this code is in: it waits for nothing then.
        _excess = Reading.Value ? WorkFrame.Process.Excess.Hold() : WorkFrame.Process.Excess.Enter(1, cancellation);
        ReadAhead(cancellation);
    }

    /// <summary>Decodes what has been read.</summary>
    public abstract RgbImage Decode();

    public virtual void Dispose()
    {
        Owned?.Dispose();
        _bytes.Dispose();
        _excess?.Dispose();
    }

    /// <summary>Reads on from where it stopped.</summary>
    /// <returns>False where there is no room for more.</returns>
    protected virtual bool ReadOn() => true;

    /// <summary>Takes room for bytes before they are allocated.</summary>
    protected bool TakeRoom(long bytes)
    {
        if (_excess is null) return _bytes.TryTake(bytes);
        _bytes.Take(bytes);
        return true;
    }

    /// <summary>Says how many bytes are held now.</summary>
    protected void Holds(long bytes) => _bytes.Become(bytes);
}
