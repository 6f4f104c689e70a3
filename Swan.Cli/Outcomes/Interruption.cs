using System.Runtime.InteropServices;

namespace Swan.Cli.Outcomes;

/// <summary>Cancels a command's token at SIGTERM, SIGHUP or Ctrl+C, and ends the process at once at a later one.</summary>
/// <remarks>
/// Instead of the command line library, whose handler ends the process with a stack trace where a signal comes just as the command ends. A
/// process that was started to ignore SIGHUP (nohup) still does. One event often sends several signals: a closed terminal SIGHUP from the
/// shell and from the kernel, <c>timeout</c> one to the command and one to its group. Those within <see cref="Together"/> of the first are
/// one.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long after the first signal others count as the same.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromSeconds(1);

    private const long None = long.MinValue;
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _signals;
    private readonly int _exitCode;
    private readonly TimeSpan _most;
    private readonly TimeProvider _time;
    private readonly Action<int> _exit;
    private ITimer? _timer;
    private long _first = None;

    /// <summary>Begins to listen.</summary>
    /// <param name="exitCode">What the process ends with at a later signal.</param>
    /// <param name="cancellation">Cancels, too.</param>
    /// <param name="most">
    /// After this long the process ends though the command has not: a scheduler kills what takes longer, and says then that it failed.
    /// Null: it waits.
    /// </param>
    /// <param name="time">Tells a later signal from one of the same moment; the system's by default.</param>
    /// <param name="exit">Ends the process; <see cref="Environment.Exit"/> by default.</param>
    public Interruption(
        int exitCode, CancellationToken cancellation, TimeSpan? most = null, TimeProvider? time = null, Action<int>? exit = null)
    {
        (_exitCode, _most) = (exitCode, most ?? Timeout.InfiniteTimeSpan);
        (_time, _exit) = (time ?? TimeProvider.System, exit ?? Environment.Exit);
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
        long now = _time.GetTimestamp(), first = Interlocked.CompareExchange(ref _first, now, None);
        if (first != None)
        {
            if (_time.GetElapsedTime(first, now) >= Together) _exit(_exitCode);
            return;
        }

        _timer = _time.CreateTimer(_ => _exit(_exitCode), null, _most, Timeout.InfiniteTimeSpan);
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
        _timer?.Dispose();
        _source.Dispose();
    }
}
