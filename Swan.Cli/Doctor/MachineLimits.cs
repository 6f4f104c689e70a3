using System.Globalization;
using System.Runtime.InteropServices;

namespace Swan.Cli.Doctor;

/// <summary>Cores and memory that this process may use, after the limits of its control groups (containers).</summary>
/// <param name="Cores">What .NET, libtorch and ONNX Runtime use: affinity and quota count.</param>
/// <param name="MachineCores">Of the whole machine.</param>
/// <param name="MemoryBytes">The lowest limit of the control groups, or the machine's memory.</param>
/// <param name="AvailableBytes">Of the machine, free or easily freed; null where the system doesn't say.</param>
/// <param name="Limited">A control group limits memory.</param>
internal sealed record MachineLimits(int Cores, int MachineCores, long MemoryBytes, long? AvailableBytes, bool Limited)
{
    private const string Groups = "/sys/fs/cgroup", ProcessorFile = "/proc/cpuinfo";

    /// <summary>What the processors are called, such as <c>AMD EPYC 9R14</c>; their architecture where the system says no more.</summary>
    public static string ProcessorName { get; } =
        Lines(ProcessorFile).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();

    public static MachineLimits Read()
    {
        long machine = MemInfo("MemTotal:") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        long? limit = MemoryLimit();
        bool limited = limit < machine;
        return new(Environment.ProcessorCount, MachineProcessors(), limited ? limit!.Value : machine, MemInfo("MemAvailable:"), limited);
    }

    // Version 2 has a file in each group down to the process's own; version 1 has one for memory.
    private static long? MemoryLimit()
    {
        if (!OperatingSystem.IsLinux()) return null;
        var files = new List<string> { Path.Combine(Groups, "memory.max"), Path.Combine(Groups, "memory", "memory.limit_in_bytes") };
        string own = Lines("/proc/self/cgroup").FirstOrDefault(l => l.StartsWith("0::/", StringComparison.Ordinal))?[4..] ?? "";
        string folder = Groups;
        foreach (string part in own.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            folder = Path.Combine(folder, part);
            files.Add(Path.Combine(folder, "memory.max"));
        }

        long[] limits = [.. files.SelectMany(Lines)
            .Select(l => long.TryParse(l, NumberStyles.None, CultureInfo.InvariantCulture, out long b) ? b : long.MaxValue)];
        return limits.Length == 0 || limits.Min() == long.MaxValue ? null : limits.Min();
    }

    private static long? MemInfo(string name)
    {
        string? line = Lines("/proc/meminfo").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? null : 1024 * long.Parse(
            line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }

    private static int MachineProcessors() =>
        Lines(ProcessorFile).Count(l => l.StartsWith("processor", StringComparison.Ordinal)) is > 0 and var count ? count
            : Environment.ProcessorCount;

    private static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
