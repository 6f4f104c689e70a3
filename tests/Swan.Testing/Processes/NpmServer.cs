using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Swan.Testing;

/// <summary>A server of npm's packages as a process of its own, started once, by the first test that connects.</summary>
public abstract class NpmServer : IDisposable
{
    private readonly Lazy<Uri> _address;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    protected NpmServer() => _address = new Lazy<Uri>(Start);

    /// <summary>Where it listens; skips the test where it can't be started.</summary>
    public Uri Address => _address.Value;

    /// <summary>The script that node runs, below the packages' folder.</summary>
    protected abstract string Script { get; }

    protected abstract IEnumerable<string> Arguments { get; }

    /// <summary>What stands before the port in the line that says that it listens.</summary>
    protected abstract string BeforePort { get; }

    public virtual void Dispose()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        GC.SuppressFinalize(this);
    }

    private Uri Start()
    {
        var start = new ProcessStartInfo("node", [SharedFolder.Npm(Script), .. Arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["NODE_OPTIONS"] = "--openssl-legacy-provider";
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"there is no node to run '{Script}' with: {e.Message}");
        }
        _process!.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return new Uri($"http://127.0.0.1:{_port.Task.GetAwaiter().GetResult()}");
    }

    // Null is the end, of either stream and at any time: while the other one still writes, and long after the port is known.
    private void Read(string? line)
    {
        string log;
        lock (_log) log = _log.AppendLine(line).ToString();
        if (line is null) _port.TrySetException(new InvalidOperationException($"'{Script}' ended before it listened:\n{log}"));
        else if (line.IndexOf(BeforePort, StringComparison.Ordinal) is >= 0 and var at)
        {
            string port = string.Concat(line[(at + BeforePort.Length)..].TakeWhile(char.IsAsciiDigit));
            _port.TrySetResult(int.Parse(port, CultureInfo.InvariantCulture));
        }
    }
}
