using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace Swan.Benchmarks.Commands;

/// <summary>Divides the life of a child process into phases.</summary>
internal sealed class StartClock
{
    private readonly List<StartPhase> _phases = [];
    private long _since;
    private double _processor;
    private double _compiling;

    /// <param name="started">The parent's <see cref="Stopwatch"/> time at the process's start, which all processes share.</param>
    public StartClock(long started)
    {
        _since = started;
        End("process start to Main");
    }

    /// <summary>All phases so far.</summary>
    public StartPhase[] Phases => [.. _phases];

    /// <summary>Ends a phase; the next one begins.</summary>
    public void End(string phase)
    {
        double wall = Stopwatch.GetElapsedTime(_since).TotalMilliseconds;
        using Process self = Process.GetCurrentProcess();
        double processor = self.TotalProcessorTime.TotalMilliseconds, compiling = JitInfo.GetCompilationTime().TotalMilliseconds;
        _phases.Add(new StartPhase(
            phase, wall, processor - _processor, compiling - _compiling, Status("VmRSS", self.WorkingSet64),
            Status("VmHWM", self.PeakWorkingSet64), Status("RssAnon", 0), GC.GetTotalMemory(forceFullCollection: false)));
        (_processor, _compiling) = (processor, compiling);
        _since = Stopwatch.GetTimestamp();
    }

    // proc_status(5) has it in KB.
    private static long Status(string field, long otherwise) => !OperatingSystem.IsLinux() ? otherwise
        : 1024 * long.Parse(
            File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal))
                .Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
}
