using System.Diagnostics;
using Spectre.Console;
using Swan.Batch;
using Swan.MLNet.Numerics;
using static System.FormattableString;

namespace Swan.Cli.Display;

/// <summary>Shows a batch job: a line per shard, in a terminal a bar below them, and a summary.</summary>
/// <param name="json">Standard output is for JSON: all lines go to standard error.</param>
internal sealed class EmbedDisplay(bool json) : IProgress<BatchProgress>
{
    private readonly TextWriter _lines = new LogWriter(JsonOutput.Notes(json));
    private readonly bool _isLog = json || Console.IsOutputRedirected;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly Stopwatch _clock = new();
    private readonly SortedDictionary<string, long> _bad = new(StringComparer.Ordinal);
    private ProgressTask? _bar;
    private TimeSpan _shown;
    private long _rows, _done, _doneNow;

    private double Rate => _doneNow / Math.Max(1e-3, _clock.Elapsed.TotalSeconds);

    /// <summary>Shows the job while it runs.</summary>
    public async Task<BatchReport> ShowAsync(Func<Task<BatchReport>> job)
    {
        if (_isLog) return await job().ConfigureAwait(false);
        return await AnsiConsole.Progress().AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                _bar = context.AddTask("rows", autoStart: false);
                return await job().ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    public void Report(BatchProgress value)
    {
        if (value.Rows > 0 && _rows == 0) Start(value.Rows);
        if (value.Message is { } message) Print(message);
        if (value.Shard is { } shard) Add(shard);
        if (_bar is not null) _bar.Value = value.RowsDone;
        else if (_isLog) ShowSignOfLife(value.RowsDone);
    }

    /// <summary>Says what there is, of this start and those before.</summary>
    /// <param name="how">How it ended.</param>
    /// <param name="report">What it made; null where it was stopped.</param>
    public void Summarize(string how, BatchReport? report = null)
    {
        _lines.WriteLine(
            Invariant($"{how}: {_done:N0} of {Counted.Of(_rows, "row")}, {_done - _bad.Values.Sum():N0} embedded, ") + Describe(_bad)
            + (report is { RowsUnchanged: > 0 } ? Invariant($"; {report.RowsUnchanged:N0} unchanged") : "")
            + (report is { RowsKnownBad: > 0 } ? Invariant($", {report.RowsKnownBad:N0} of them known bad") : "")
            + (report is { RowsGone: > 0 } ? Invariant($"; {report.RowsGone:N0} gone") : ""));
        _lines.WriteLine(
            Invariant($"this start: {Counted.Of(_doneNow, "row")} in {_clock.Elapsed.TotalSeconds:F1} s, {Rate:F1} rows/s")
            + (report is { RowsReused: > 0 } ? Invariant($", {report.RowsReused:N0} of known content") : "")
            + $"; {Counted.Of(_done - _doneNow, "row was", "rows were")} done before");
        using Process self = Process.GetCurrentProcess();
        _lines.WriteLine(Invariant($"peak memory: {self.PeakWorkingSet64 / (1 << 20):N0} MiB"));
    }

    private void Start(long rows)
    {
        _rows = rows;
        _clock.Start();
        if (_bar is null) return;
        _bar.MaxValue = rows;
        _bar.StartTask();
    }

    private void Add(BatchShard shard)
    {
        _done += shard.Rows;
        foreach ((string reason, long count) in shard.BadRows) _bad[reason] = _bad.GetValueOrDefault(reason) + count;
        if (shard.IsFromBefore) return;
        _doneNow += shard.Rows;
        _shown = _clock.Elapsed;
        Print(
            $"shard {shard.Number}: {Counted.Of(shard.Rows, "row")}, {Describe(shard.BadRows)}; "
            + Invariant($"{_done:N0} of {Counted.Of(_rows, "row")} done, {Rate:F1} rows/s"));
    }

    // Shards may take long, and a log that stands still looks like a job that does.
    private void ShowSignOfLife(long done)
    {
        if (_clock.Elapsed - _shown < Pause) return;
        _shown = _clock.Elapsed;
        // Rows of shards that were done before took no time.
        double rate = (done - (_done - _doneNow)) / _clock.Elapsed.TotalSeconds;
        string left = rate <= 0 ? ""
            : Invariant($", {rate:F1} rows/s, about {Amounts.Time(TimeSpan.FromSeconds((_rows - done) / rate))} left");
        _lines.WriteLine(Invariant($"{done:N0} of {Counted.Of(_rows, "row")} seen{left}"));
    }

    private static string Describe(IReadOnlyDictionary<string, long> bad) => bad.Count == 0
        ? "0 bad"
        : $"{bad.Values.Sum():N0} bad ({string.Join(", ", bad.Select(r => $"{r.Key} {r.Value:N0}"))})";

    private void Print(string line)
    {
        if (_isLog) _lines.WriteLine(line);
        else AnsiConsole.WriteLine(line); // above the bar
    }
}
