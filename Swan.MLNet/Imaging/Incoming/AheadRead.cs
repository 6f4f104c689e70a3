using System.Runtime.ExceptionServices;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>The reading of one image that a reading thread may do before it is needed.</summary>
/// <remarks>If no thread has begun, the thread that needs the image reads it, so none waits for a reader that may never come.</remarks>
internal sealed class AheadRead(IncomingImage image) : IDisposable
{
    // Without spinning, because this waits for a disk.
    private readonly ManualResetEventSlim _done = new(false, spinCount: 0);
    private readonly Lock _lock = new();
    private bool _begun;
    private bool _running;
    private bool _disposed;
    private ExceptionDispatchInfo? _fault;

    /// <summary>Asks a reading thread to do it.</summary>
    public void Post() => WorkFrame.Process.ReadingThreads.Post(Run);

    /// <summary>Gives the image, read to its end; the caller disposes this, not the image.</summary>
    /// <exception cref="OperationCanceledException">Canceled while it waited.</exception>
    public IncomingImage Take(CancellationToken cancellation)
    {
        if (Claim()) return Read(cancellation);
        _done.Wait(cancellation);
        _fault?.Throw();
        return Read(cancellation);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _begun = _disposed = true;
            // The thread that reads lets go when it comes back: a disk or a network may keep it.
            if (_running) return;
        }
        image.Dispose();
    }

    private IncomingImage Read(CancellationToken cancellation)
    {
        image.Read(cancellation);
        return image;
    }

    private bool Claim()
    {
        lock (_lock) return !_begun && (_begun = true);
    }

    private void Run()
    {
        lock (_lock)
        {
            if (_begun) return;
            _begun = _running = true;
        }
        try
        {
            image.ReadAhead(CancellationToken.None);
        }
        catch (Exception e)
        {
            _fault = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            bool abandoned;
            lock (_lock) (_running, abandoned) = (false, _disposed);
            _done.Set();
            if (abandoned) image.Dispose();
        }
    }
}
