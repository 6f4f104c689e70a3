using System.Diagnostics;

namespace Swan.Batch.Tests;

/// <summary><c>swan</c> as a scheduler runs it: a process of its own, that can be killed.</summary>
internal sealed class BatchProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output, _errors;

    private BatchProcess(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        string program = Path.Combine(Repository.Output("Swan.Cli"), "swan.dll");
        Assert.True(File.Exists(program), $"'{program}' is not built; build the whole solution first.");
        string[] command = ["dotnet", program, .. arguments];
        // A test runner in the background ignores SIGINT, and its children would inherit that: a terminal's don't.
        if (OperatingSystem.IsLinux()) command = ["env", "--default-signal=INT", .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string scheduler in (string[])["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AZ_BATCH_TASK_ID"])
            start.Environment.Remove(scheduler);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public bool HasEnded => _process.HasExited;

    public static BatchProcess Start(params string[] arguments) => new(new Dictionary<string, string>(), arguments);

    public static BatchProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(environment, arguments);

    /// <summary>Runs to the end.</summary>
    public static Outcome Run(params string[] arguments)
    {
        using BatchProcess process = Start(arguments);
        return process.Ended();
    }

    public void Kill() => _process.Kill();

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public Outcome Ended()
    {
        _process.WaitForExit();
        return new Outcome(_process.ExitCode, _output.Result, _errors.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    internal sealed record Outcome(int Code, string Output, string Errors)
    {
        public void MustBe(int code) => Assert.True(Code == code, $"exit code {Code}, expected {code}\n{Output}\n{Errors}");
    }
}
