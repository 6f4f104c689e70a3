using System.Diagnostics;
using System.Text;

namespace Swan.Cli.Tests;

/// <summary>The swan command as its users run it: a process of its own.</summary>
internal sealed class SwanProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new(), _errors = new();
    private readonly List<(Func<string, bool> Line, TaskCompletionSource Seen)> _awaited = [];

    private SwanProcess(string[] arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        // A test runner in the background ignores SIGINT, and its children would inherit that: a terminal's don't.
        string[] command = ["dotnet", folder is null ? Program : Path.Combine(folder, "swan.dll"), .. arguments];
        if (OperatingSystem.IsLinux()) command = ["env", "--default-signal=INT,HUP", .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Received(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Received(_errors, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program, which the tests have a copy of.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "swan.dll");

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    public static SwanProcess Start(params string[] arguments) => new(arguments);

    /// <summary>Starts a copy of the program with more environment variables.</summary>
    public static SwanProcess StartCopy(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(arguments, environment, folder);

    /// <summary>The files of a name that the process has mapped, each once.</summary>
    public string[] Mapped(string fileName) => [.. File.ReadLines($"/proc/{_process.Id}/maps")
        .Select(line => line[Math.Max(0, line.IndexOf('/', StringComparison.Ordinal))..])
        .Where(path => Path.GetFileName(path) == fileName).Distinct()];

    /// <summary>Runs to the end, in this process where nothing depends on it.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> Run(params string[] arguments) =>
        SwanCalls.CanRun(arguments) ? SwanCalls.Run(arguments) : Run(new Dictionary<string, string>(), arguments);

    /// <summary>Runs to the end with more environment variables.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> Run(
        IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = new SwanProcess(arguments, environment);
        int code = await process.Ended();
        return (code, process.Output, process.Errors);
    }

    /// <summary>Waits for a line of output.</summary>
    public async Task Line(Func<string, bool> line)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_awaited)
        {
            if (Output.Split('\n').Any(line)) return;
            _awaited.Add((line, seen));
        }

        Task first = await Task.WhenAny(seen.Task, _process.WaitForExitAsync(TestContext.Current.CancellationToken));
        Assert.True(first == seen.Task, $"swan ended without the line that the test waits for:\n{Output}\n{Errors}");
    }

    /// <summary>Waits for something else that the process does.</summary>
    public async Task Until(Func<bool> done, string what)
    {
        while (!done())
        {
            Assert.False(_process.HasExited, $"swan ended without {what}:\n{Output}\n{Errors}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public void Interrupt() => Signal("INT");

    /// <param name="name">Such as INT, TERM or HUP.</param>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> Ended()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _process.WaitForExit(); // the readers have everything only now
        return _process.ExitCode;
    }

    public async Task Kill()
    {
        _process.Kill();
        await Ended();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Received(StringBuilder text, string? line)
    {
        if (line is null || line.StartsWith("swan: libstdc++", StringComparison.Ordinal)) return; // said once on an older system
        lock (_awaited)
        {
            lock (text) text.Append(line).Append('\n');
            if (text != _output) return;
            foreach ((Func<string, bool> awaited, TaskCompletionSource seen) in _awaited)
            {
                if (awaited(line)) seen.TrySetResult();
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
