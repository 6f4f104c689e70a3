using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swan.Benchmarks;

/// <summary>This program run once more, so that its peak memory, its JIT and its thread pools are one measurement's own.</summary>
internal static class ChildProcess
{
    // Missing figures are NaN, which JSON writes as a text.
    private static readonly JsonSerializerOptions Format = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Runs it and reads the JSON that it prints as its last line.</summary>
    /// <exception cref="InvalidOperationException">It failed or crashed; the message has what it said.</exception>
    public static T Run<T>(params string[] arguments)
    {
        ProcessStartInfo start = Self(arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string? last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        if (process.ExitCode != 0 || last is null)
        {
            throw new InvalidOperationException(
                $"The process '{string.Join(' ', arguments)}' ended with exit code {process.ExitCode}: {errors.Result.Trim()}");
        }
        return JsonSerializer.Deserialize<T>(last, Format)!;
    }

    /// <summary>Runs it; what it prints is shown.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Show(params string[] arguments)
    {
        using Process process = Process.Start(Self(arguments))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with exit code {process.ExitCode}.");
    }

    /// <summary>The child's side: its result, and nothing after it.</summary>
    public static void Answer<T>(T result) => Console.WriteLine(JsonSerializer.Serialize(result, Format));

    /// <summary>The most memory that this process has had (VmHWM on Linux), in bytes.</summary>
    public static long PeakMemory()
    {
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    private static ProcessStartInfo Self(string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool host = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return new(program, host ? [typeof(ChildProcess).Assembly.Location, .. arguments] : arguments);
    }
}
