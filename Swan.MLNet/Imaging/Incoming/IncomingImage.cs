using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>One image on its way to pixels: first its bytes are read, which waits for a disk; then it is decoded, which takes a processor.
/// </summary>
/// <remarks>Not safe for concurrent use. Disposing it gives its bytes back to the frame.</remarks>
internal abstract class IncomingImage : IDisposable
{
    private readonly Permit _bytes = WorkFrame.Process.Files.Hold();
    private Permit? _excess;

    /// <summary>Whether there is something to read.</summary>
    public virtual bool Reads => false;

    /// <summary>Whether what there is to read has been read.</summary>
    public bool Complete { get; private set; }

    /// <summary>Reads as far as the frame has room for the bytes; never waits for it.</summary>
    public void ReadAhead(CancellationToken cancellation)
    {
        if (Complete) return;
        using Permit turn = WorkFrame.Process.Reads.Enter(1, cancellation);
        Complete = ReadOn();
    }

    /// <summary>Reads to the end; waits for room if it must.</summary>
    public void Read(CancellationToken cancellation)
    {
        if (DecodeTurn.Current is null)
        {
            ReadAhead(cancellation);
            if (Complete) return;
            // Whoever has it decodes its image next and gives it back.
            _excess = WorkFrame.Process.Excess.Enter(1, cancellation);
            ReadAhead(cancellation);
        }
        else if (!Complete)
        {
            // Others may wait for the turn that this code is in.
            _excess = WorkFrame.Process.Excess.Hold();
            Complete = ReadOn();
        }
    }

    /// <summary>Decodes what has been read.</summary>
    public abstract RgbImage Decode();

    public virtual void Dispose()
    {
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
