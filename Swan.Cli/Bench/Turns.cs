using System.Diagnostics;

namespace Swan.Cli.Bench;

/// <summary>Does kinds of work in turns: what else runs on the machine changes slowly, and then disturbs all of them alike.</summary>
internal static class Turns
{
    /// <summary>Measures.</summary>
    /// <param name="works">Each is done once before, which isn't counted: it reads files and compiles code.</param>
    /// <param name="turns">How often each is measured.</param>
    /// <param name="done">Told the turn after each one, from 0, which isn't counted.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The figures, in the order of the works, and the share of the processors that other processes took meanwhile.</returns>
    public static (Figure[] Figures, double OthersShare) Take(
        IReadOnlyList<Workload> works, int turns, Action<int> done, CancellationToken cancellation)
    {
        foreach (Workload work in works) work.Run(cancellation);
        done(0);
        double[][] wall = New(), processor = New();
        var all = new ProcessorUse();
        for (int turn = 0; turn < turns; turn++)
        {
            for (int i = 0; i < works.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                // What the work before has left is not this one's.
                GC.Collect();
                var own = new ProcessorUse();
                long start = Stopwatch.GetTimestamp();
                works[i].Run(cancellation);
                (wall[i][turn], processor[i][turn]) = (Stopwatch.GetElapsedTime(start).TotalSeconds, own.OwnSeconds());
            }
            done(turn + 1);
        }
        return ([.. works.Select((w, i) => new Figure(w.Key, w.Name, w.Count, wall[i], processor[i]))], all.OthersShare());

        double[][] New() => [.. works.Select(_ => new double[turns])];
    }
}
