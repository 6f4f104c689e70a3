using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Swan.Samples.Tests.PostgresSearch;

/// <summary>
/// PGlite with pgvector behind a socket, for the tests of a class: PostgreSQL as WebAssembly, one session, no COPY. Started by the first
/// test that connects; where npm's packages are not at hand, the tests are skipped.
/// </summary>
public sealed class PgliteServer : IDisposable
{
    private const string Program = "node_modules/@electric-sql/pglite-socket/dist/scripts/server.js", Port = "\"port\":";

    // Started once, whatever comes of it.
    private readonly Lazy<string> _connection;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<string> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    public PgliteServer() => _connection = new(Start);

    public string Connect() => _connection.Value;

    public void Dispose()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.Dispose();
    }

    private string Start()
    {
        string program = SharedFolder.Npm(Program), folder = program[..^Program.Length];
        var start = new ProcessStartInfo(
            "node", [program, "--port=0", "--host=127.0.0.1", "--extensions=@electric-sql/pglite-pgvector:vector", "--max-connections=4"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"there is no node to run PGlite with: {e.Message}");
        }
        _process!.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return $"Host=127.0.0.1;Port={_port.Task.GetAwaiter().GetResult()};Username=postgres;Database=postgres;"
            + "SSL Mode=Disable;GSS Encryption Mode=Disable";
    }

    // PGliteSocketServer listening on {"port":41234,"host":"127.0.0.1"}; null is the end.
    private void Read(string? line)
    {
        lock (_log) _log.AppendLine(line);
        if (line is null) _port.TrySetException(new InvalidOperationException($"PGlite ended before it listened:\n{_log}"));
        else if (line.IndexOf(Port, StringComparison.Ordinal) is >= 0 and var at)
            _port.TrySetResult(string.Concat(line[(at + Port.Length)..].TakeWhile(char.IsAsciiDigit)));
    }
}
