using System.Runtime.InteropServices;

namespace Swan.Cli.Outcomes;

/// <summary>Ends the process at once at a second SIGTERM or Ctrl+C; the first one cancels the command's token.</summary>
/// <remarks>
/// The command line library cancels the token at every signal and then waits for the command. What is registered last is called first, so
/// this registers at the first signal: before that, a second one would wait, too.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenRegistration _first;
    private readonly List<PosixSignalRegistration> _signals = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="exitCode">What the process ends with at the second signal.</param>
    /// <param name="cancellation">The command's token.</param>
    public Interruption(int exitCode, CancellationToken cancellation)
    {
        Token = cancellation;
        _first = cancellation.Register(() =>
        {
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(exitCode)));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Environment.Exit(exitCode)));
        });
    }

    /// <summary>The command's token.</summary>
    public CancellationToken Token { get; }

    public void Dispose()
    {
        _first.Dispose(); // waits for a callback that is running
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
    }
}
