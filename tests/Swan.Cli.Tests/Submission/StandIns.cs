using System.Diagnostics;

namespace Swan.Cli.Tests.Submission;

/// <summary>Programs that only write down how they were called, in the place of swan and of Slurm's.</summary>
internal sealed class StandIns : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _programs;

    public StandIns()
    {
        _programs = Directory.CreateDirectory(_folder.File("bin")).FullName;
        foreach (string name in (string[])["swan", "sbatch", "scontrol"]) Make(name);
        Make("squeue", "echo RUNNING");
    }

    public string File(string name) => _folder.File(name);

    /// <summary>Makes one that does something more.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="more">Lines of a shell, after the call is written down.</param>
    public void Make(string name, string more = "")
    {
        string path = Path.Combine(_programs, name);
        // One write: calls of several programs don't mix.
        System.IO.File.WriteAllText(path, $"#!/bin/sh\nprintf '%s\\0' {name} \"$@\" '' >> \"$CALLS\"\n{more}\n");
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(path, (UnixFileMode)0b111_000_000);
    }

    /// <summary>Every call so far: the program's name and its arguments.</summary>
    public IReadOnlyList<string[]> Calls()
    {
        string calls = _folder.File("calls");
        if (!System.IO.File.Exists(calls)) return [];
        // No argument of the tests is empty: that one ends a call.
        return [.. System.IO.File.ReadAllText(calls).Split("\0\0", StringSplitOptions.RemoveEmptyEntries).Select(call => call.Split('\0'))];
    }

    /// <summary>How a program is started that finds them.</summary>
    public ProcessStartInfo Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments);
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("SLURM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["PATH"] = $"{_programs}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["CALLS"] = _folder.File("calls");
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return start;
    }

    /// <summary>Runs a program to its end.</summary>
    public (int Code, string Output, string Errors) Run(
        string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        ChildProcess.Finish(Start(program, arguments, environment), TestContext.Current.CancellationToken);

    public void Dispose() => _folder.Dispose();
}
