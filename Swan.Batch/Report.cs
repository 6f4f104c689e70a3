using System.Diagnostics;
using Spectre.Console;
using Swan.Batch.Output;

namespace Swan.Batch;

/// <summary>What the job says while it runs and when it ends: a line per chunk, and in a terminal a bar below them.</summary>
internal sealed class Report(Shard shard, long rows)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly Tally _all = new(), _run = new();
    private readonly Stopwatch _clock = new();
    private TimeSpan _said;
    private long _seen;

    public void Start(string job)
    {
        Console.WriteLine(job);
        Console.WriteLine($"shard {shard}: {rows:N0} rows");
    }

    /// <summary>Runs the work, which is given what to call as rows are done.</summary>
    public async Task Show(Func<Action<long>, Task> work)
    {
        _clock.Start();
        if (Console.IsOutputRedirected) await work(SignOfLife);
        else
        {
            await AnsiConsole.Progress().AutoClear(true)
                .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async context =>
                {
                    ProgressTask task = context.AddTask("rows", maxValue: rows);
                    await work(count => task.Increment(count));
                });
        }
    }

    /// <summary>A chunk that an earlier run finished.</summary>
    public void Before(Tally chunk) => _all.Add(chunk);

    /// <summary>A chunk of this run.</summary>
    public void Chunk(int number, Tally chunk)
    {
        _all.Add(chunk);
        _run.Add(chunk);
        _said = _clock.Elapsed;
        Say($"chunk {number}: {chunk.Rows:N0} rows, {chunk}; {_all.Rows:N0} of {rows:N0} rows done, {Rate:F1} rows/s");
    }

    /// <summary>The summary.</summary>
    /// <param name="how">How the run ended.</param>
    public void Summary(string how)
    {
        Console.WriteLine($"shard {shard} {how}: {_all.Rows:N0} of {rows:N0} rows, {_all.Rows - _all.Bad:N0} embedded, {_all}");
        Console.WriteLine($"this run: {_run.Rows:N0} rows in {_clock.Elapsed.TotalSeconds:F1} s, {Rate:F1} rows/s; {_all.Rows - _run.Rows:N0} rows were done before");
        Console.WriteLine($"peak memory: {PeakMemory / (1 << 20):N0} MiB");
    }

    /// <summary>Judges the whole shard, earlier runs included.</summary>
    /// <param name="maxBad">The share of bad rows that is allowed.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Judge(double maxBad)
    {
        double share = rows == 0 ? 0 : (double)_all.Bad / rows;
        if (share <= maxBad) return ExitCode.Done;
        Console.Error.WriteLine($"{share:P1} of the rows are bad; --max-bad allows {maxBad:P1}. Their reasons are in the folder 'bad' beside the embeddings. After mending what can be mended, run the same command with --retry-bad.");
        return ExitCode.TooManyBadRows;
    }

    // Chunks may take long, and a log that stands still looks like a job that does.
    private void SignOfLife(long count)
    {
        _seen += count;
        if (_clock.Elapsed - _said < Pause) return;
        _said = _clock.Elapsed;
        Console.WriteLine($"{_seen:N0} of {rows:N0} rows seen");
    }

    private static long PeakMemory
    {
        get
        {
            using Process self = Process.GetCurrentProcess();
            return self.PeakWorkingSet64;
        }
    }

    private double Rate => _run.Rows / Math.Max(1e-3, _clock.Elapsed.TotalSeconds);

    private static void Say(string line)
    {
        if (Console.IsOutputRedirected) Console.WriteLine(line);
        else AnsiConsole.WriteLine(line); // above the bar
    }
}
