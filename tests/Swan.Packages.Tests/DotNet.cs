using System.Diagnostics;

namespace Swan.Packages.Tests;

/// <summary>Runs the .NET command as from a new terminal.</summary>
internal static class DotNet
{
    /// <summary>Runs to the end; anything but exit code 0 fails the test with all that was printed.</summary>
    public static string Run(string folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        (int code, string output) = Try(folder, environment, arguments);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)}\nended with {code}:\n{output}");
        return output;
    }

    /// <summary>Runs another program in the same way; anything but exit code 0 fails the test with all that was printed.</summary>
    public static string RunProgram(
        string program, string folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        (int code, string output) = TryProgram(program, folder, environment, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}\nended with {code}:\n{output}");
        return output;
    }

    /// <summary>Runs to the end, and gives back the exit code and all that was printed.</summary>
    public static (int Code, string Output) Try(
        string folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        TryProgram("dotnet", folder, environment, arguments);

    private static (int Code, string Output) TryProgram(
        string program, string folder, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };
        // 'dotnet test' sets these for the tests, and they would lead the child to other targets and folders than a user's.
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase))
            .ToArray()) start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // No build server outlives the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        (int code, string output, string errors) = ChildProcess.Finish(start, TestContext.Current.CancellationToken);
        return (code, output + errors);
    }
}
