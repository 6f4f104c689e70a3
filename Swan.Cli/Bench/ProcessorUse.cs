using System.Diagnostics;

namespace Swan.Cli.Bench;

/// <summary>
/// How much of the machine's processors other processes took while something was measured: without that, a figure from a shared machine
/// says little.
/// </summary>
internal sealed class ProcessorUse
{
    // Fields of /proc/stat's first line (proc_stat(5)), in hundredths of a second over all processors.
    private const int Idle = 3, WaitingForDisk = 4, Fields = 8;
    private const double Tick = 0.01;
    private const string File = "/proc/stat";
    private readonly (double All, double Busy) _machine = Machine();
    private readonly double _own = Own();

    /// <summary>
    /// The share of all processor time since this was made that others used, from 0 to 1; NaN where the system doesn't tell.
    /// </summary>
    public double OthersShare()
    {
        (double all, double busy) = Machine();
        double others = busy - _machine.Busy - OwnSeconds();
        return Math.Max(0, others / (all - _machine.All));
    }

    /// <summary>This process's own processor time since this was made.</summary>
    public double OwnSeconds() => Own() - _own;

    private static (double All, double Busy) Machine()
    {
        if (!System.IO.File.Exists(File)) return (double.NaN, double.NaN);
        // Guests' time is counted in the first fields already.
        double[] times = [.. System.IO.File.ReadLines(File).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(Fields)
            .Select(t => Tick * long.Parse(t, System.Globalization.CultureInfo.InvariantCulture))];
        return (times.Sum(), times.Sum() - times[Idle] - times[WaitingForDisk]);
    }

    private static double Own()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }
}
