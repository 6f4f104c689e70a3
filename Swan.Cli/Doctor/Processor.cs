using System.Runtime.InteropServices;

namespace Swan.Cli.Doctor;

/// <summary>What the machine's processors are called.</summary>
internal static class Processor
{
    private const string Field = "model name", File = "/proc/cpuinfo", OnWindows = "PROCESSOR_IDENTIFIER";

    /// <summary>Such as <c>AMD EPYC 9R14</c>; the architecture where the system says no more.</summary>
    public static string Name { get; } = Read(File) ?? Environment.GetEnvironmentVariable(OnWindows)
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string? Read(string file)
    {
        try
        {
            return System.IO.File.Exists(file)
                ? System.IO.File.ReadLines(file).FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
