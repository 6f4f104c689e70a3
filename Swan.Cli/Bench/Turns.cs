using System.Diagnostics;

namespace Swan.Cli.Bench;

/// <summary>Does kinds of work in turns: what else runs on the machine changes slowly, and then disturbs all of them alike.</summary>
/// <remarks>Every other turn goes backward, so that of two neighbors each is first as often as the other.</remarks>
internal static class Turns
{
    /// <summary>How often each work is done before: code that runs often is compiled again, faster.</summary>
    public const int NotCounted = 3;

    /// <summary>Measures.</summary>
    /// <param name="works">Each is done <see cref="NotCounted"/> times before: it reads files and compiles code.</param>
    /// <param name="turns">How often each is measured.</param>
    /// <param name="done">Told the turn after each one; first 0, when those that aren't counted are done.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The figures, in the order of the works, and the share of the processors that other processes took meanwhile.</returns>
    public static (Figure[] Figures, double OthersShare) Take(
        IReadOnlyList<Workload> works, int turns, Action<int> done, CancellationToken cancellation)
    {
        for (int turn = 0; turn < NotCounted; turn++)
        {
            foreach (Workload work in works) work.Run(cancellation);
        }
        done(0);
        double[][] wall = New(), processor = New();
        var all = new ProcessorUse();
        for (int turn = 0; turn < turns; turn++)
        {
            for (int n = 0; n < works.Count; n++)
            {
                int i = turn % 2 == 0 ? n : works.Count - 1 - n;
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
