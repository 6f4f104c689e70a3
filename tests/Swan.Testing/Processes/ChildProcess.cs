using System.Diagnostics;

namespace Swan.Testing;

/// <summary>Runs programs to their end; a test that is canceled takes them along, with all that they started.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program to its end, whatever that is.</summary>
    public static (int Code, string Output, string Errors) Finish(
        string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Finish(start, TestContext.Current.CancellationToken);
    }

    /// <summary>The same for what needs more than arguments.</summary>
    /// <exception cref="OperationCanceledException">It was ended before.</exception>
    public static (int Code, string Output, string Errors) Finish(ProcessStartInfo start, CancellationToken cancellation)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration ending = cancellation.Register(() => process.Kill(entireProcessTree: true));
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Runs one test of a test program in a process of its own. It must pass; where it is skipped, the caller is, too.</summary>
    /// <param name="program">The test program's assembly.</param>
    /// <param name="type">The test's type.</param>
    /// <param name="method">The test's name.</param>
    /// <param name="isExplicit">Whether the test runs when it is asked for only.</param>
    /// <param name="environment">Variables.</param>
    /// <returns>What it wrote to standard error.</returns>
    public static string Passes(
        string program, Type type, string method, bool isExplicit = true, params (string Name, string Value)[] environment)
    {
        (int code, string output, string errors) = Finish(
            "dotnet", [program, "-method", $"{type.FullName}.{method}", "-explicit", isExplicit ? "only" : "off", "-noColor"], environment);
        Assert.True(code == 0, $"{code}\n{output}\n{errors}");
        Assert.Contains("Total: 1,", output, StringComparison.Ordinal);
        Assert.SkipWhen(output.Contains("Skipped: 1,", StringComparison.Ordinal), $"skipped in a process of its own: {output}");
        return errors;
    }
}
