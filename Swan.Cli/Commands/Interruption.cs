using System.Runtime.InteropServices;

namespace Swan.Cli.Commands;

/// <summary>Turns SIGTERM (what a scheduler sends) and Ctrl+C into a cancelled token; a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _signals;
    private readonly int _exitCode;
    private int _count;

    /// <summary>Begins to listen.</summary>
    /// <param name="exitCode">What the process ends with at the second signal.</param>
    /// <param name="cancellation">Cancels the token, too.</param>
    public Interruption(int exitCode, CancellationToken cancellation)
    {
        _exitCode = exitCode;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop), PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1) Environment.Exit(_exitCode);
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The same signal cancels the command line's own token, so the job may have ended already.
        }
    }
}
