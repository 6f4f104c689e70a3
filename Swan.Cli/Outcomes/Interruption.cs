using System.Runtime.InteropServices;

namespace Swan.Cli.Outcomes;

/// <summary>Ends the process at once at a second SIGTERM, SIGHUP or Ctrl+C; the first one cancels the command's token.</summary>
/// <remarks>
/// The command line library cancels its token at SIGTERM and Ctrl+C and then waits for the command; SIGHUP, as of a terminal that is lost,
/// is handled here. A process that was started to ignore SIGHUP (nohup) still does. What is registered last is called first, so the second
/// signal is listened for from the first one on: before that, it would wait, too.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _first;
    private readonly PosixSignalRegistration _hangup;
    private readonly List<PosixSignalRegistration> _signals = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="exitCode">What the process ends with at the second signal.</param>
    /// <param name="cancellation">The command's token.</param>
    public Interruption(int exitCode, CancellationToken cancellation)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _first = _source.Token.Register(() =>
        {
            foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP])
                _signals.Add(PosixSignalRegistration.Create(signal, _ => Environment.Exit(exitCode)));
        });
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            try
            {
                _source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The command has just ended.
            }
        });
    }

    /// <summary>The command's token.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _hangup.Dispose();
        _first.Dispose(); // waits for a callback that is running
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        _source.Dispose();
    }
}
