using System.Runtime.InteropServices;

namespace Swan.Cli.Outcomes;

/// <summary>Cancels a command's token at SIGTERM, SIGHUP or Ctrl+C, and ends the process at once at a second one.</summary>
/// <remarks>
/// Instead of the command line library, whose handler ends the process with a stack trace where a signal comes just as the command ends. A
/// process that was started to ignore SIGHUP (nohup) still does.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _signals;
    private readonly int _exitCode;
    private int _asked;

    /// <summary>Begins to listen.</summary>
    /// <param name="exitCode">What the process ends with at the second signal.</param>
    /// <param name="cancellation">Cancels, too.</param>
    public Interruption(int exitCode, CancellationToken cancellation)
    {
        _exitCode = exitCode;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Token = _source.Token;
        _signals = [.. ((PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP])
            .Select(signal => PosixSignalRegistration.Create(signal, Received))];
    }

    /// <summary>The command's token.</summary>
    public CancellationToken Token { get; }

    /// <summary>Takes a signal, on a thread of its own.</summary>
    internal void Received(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _asked) > 1) Environment.Exit(_exitCode);
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command has just ended.
        }
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose(); // waits for none that is under way
        _source.Dispose();
    }
}
