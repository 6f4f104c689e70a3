using System.Diagnostics;

namespace Swan.Samples.Tests.PostgresSearch;

/// <summary>
/// A PostgreSQL of one test class's own, from the system's programs, behind a Unix socket in a folder of its own. Started by the first
/// test that connects; where there is no PostgreSQL, the tests are skipped.
/// </summary>
public sealed class DebianServer : IDisposable
{
    // PostgreSQL refuses to run as root, so it gets the account that its package makes.
    private const string Account = "postgres";
    private DirectoryInfo? _folder;
    private string? _programs;
    private readonly Lazy<string> _connection; // started once, whatever comes of it

    public DebianServer() => _connection = new(Start);

    public string Connect() => _connection.Value;

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) Run("pg_ctl", "stop", "-m", "immediate", "-D", Data);
        _folder?.Delete(recursive: true);
    }

    private string Data => Path.Combine(_folder?.FullName ?? "", "data");

    private string Start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the server listens on a Unix socket");
        _programs = FindPrograms();
        Assert.SkipWhen(_programs is null, "there is no PostgreSQL in /usr/lib/postgresql or on the PATH");
        _folder = Directory.CreateTempSubdirectory("swan-pg-"); // short: a socket's path has at most 107 bytes
        if (Environment.IsPrivilegedProcess)
        {
            (int code, _, string errors) = ChildProcess.Finish("chown", [Account, _folder.FullName]);
            Assert.SkipWhen(code != 0, $"PostgreSQL refuses root, and there is no account '{Account}': {errors}");
        }
        Run("initdb", "-D", Data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync");
        Run("pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_folder.FullName, "log"),
            "-o", $"-k {_folder.FullName} -c listen_addresses= -c fsync=off");
        return $"Host={_folder.FullName};Username=postgres;Database=postgres";
    }

    private void Run(string program, params string[] arguments)
    {
        string path = Path.Combine(_programs!, program);
        ProcessStartInfo start = Environment.IsPrivilegedProcess
            ? new("runuser", ["-u", Account, "--", path, .. arguments])
            : new(path, arguments);
        start.WorkingDirectory = _folder!.FullName;
        (int code, string output, string errors) = ChildProcess.Finish(start, CancellationToken.None);
        Assert.True(code == 0, $"{program}: {code}\n{output}\n{errors}");
    }

    private static string? FindPrograms()
    {
        string debian = "/usr/lib/postgresql";
        IEnumerable<string> versions = Directory.Exists(debian) ? Directory.GetDirectories(debian).Select(v => Path.Combine(v, "bin")) : [];
        return versions.OrderDescending(StringComparer.Ordinal)
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }
}
