using System.Diagnostics;
using System.Globalization;

namespace Swan.Cli.Bench;

/// <summary>
/// How much of the processors that this process may run on others took while something was measured: without that, a figure from a shared
/// machine says little.
/// </summary>
internal sealed class ProcessorUse
{
    // Fields of /proc/stat's first lines (proc_stat(5)), in hundredths of a second: of all processors, then of each.
    private const int Idle = 3, WaitingForDisk = 4, Fields = 8;
    private const double Tick = 0.01;
    private const string File = "/proc/stat", Status = "/proc/self/status", Allowed = "Cpus_allowed_list:", Name = "cpu";
    private static readonly int[] s_allowed = ReadAllowed();
    private readonly (double All, double Busy) _machine = Machine();
    private readonly double _own = Own();

    /// <summary>
    /// The share of these processors' time since this was made that others used, from 0 to 1; NaN where the system doesn't tell.
    /// </summary>
    public double OthersShare()
    {
        (double all, double busy) = Machine();
        double others = busy - _machine.Busy - OwnSeconds();
        return Math.Max(0, others / (all - _machine.All));
    }

    /// <summary>This process's own processor time since this was made.</summary>
    public double OwnSeconds() => Own() - _own;

    /// <summary>Seconds of some processors, since the machine started, and how many of them they were busy.</summary>
    /// <param name="lines">Those of <c>/proc/stat</c>.</param>
    /// <param name="processors">Their numbers; where the lines don't have them, all of the machine are taken.</param>
    internal static (double All, double Busy) Sum(IEnumerable<string> lines, IReadOnlyCollection<int> processors)
    {
        string[][] counted = [.. lines.Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .TakeWhile(l => l is [{ } name, ..] && name.StartsWith(Name, StringComparison.Ordinal))];
        var names = processors.Select(p => Name + p.ToString(CultureInfo.InvariantCulture)).ToHashSet();
        string[][] own = [.. counted.Where(l => names.Contains(l[0]))];
        (double all, double busy) = (0, 0);
        foreach (string[] line in own.Length > 0 ? own : counted.Take(1))
        {
            // Guests' time is counted in the first fields already.
            double[] times = [.. line.Skip(1).Take(Fields).Select(t => Tick * long.Parse(t, CultureInfo.InvariantCulture))];
            (all, busy) = (all + times.Sum(), busy + times.Sum() - times[Idle] - times[WaitingForDisk]);
        }
        return (all, busy);
    }

    /// <summary>The numbers of a list such as <c>0-2,5</c>.</summary>
    internal static int[] Numbers(string list) => [.. list.Trim().Split(',', StringSplitOptions.RemoveEmptyEntries).SelectMany(range =>
    {
        int[] ends = [.. range.Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    })];

    private static (double All, double Busy) Machine() =>
        System.IO.File.Exists(File) ? Sum(System.IO.File.ReadLines(File), s_allowed) : (double.NaN, double.NaN);

    private static int[] ReadAllowed() => System.IO.File.Exists(Status)
        && System.IO.File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Allowed, StringComparison.Ordinal)) is { } line
            ? Numbers(line[Allowed.Length..]) : [];

    private static double Own()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }
}
