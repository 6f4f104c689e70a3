using Swan.Batch.Reports;
using Swan.Batch.Runs;
using Swan.MLNet.Numerics;
using static System.FormattableString;

namespace Swan.Cli.Display;

/// <summary>Says what became of a run.</summary>
internal static class ReportDisplay
{
    /// <summary>Writes a report for people.</summary>
    /// <param name="report">The report.</param>
    /// <param name="address">Where the job is.</param>
    public static void Write(RunReport report, string address)
    {
        ReportRows rows = report.Rows;
        Console.WriteLine(Invariant($"run {report.Run}, planned at {report.Planned:u}, ended at {report.Ended:u}"));
        Console.WriteLine(
            Invariant($"{Counted.Of(rows.All, "row")}: {rows.Embedded:N0} embedded, of which {rows.Reused:N0} of known content, ")
            + Invariant($"{rows.Bad:N0} bad"));
        Console.WriteLine(Invariant($"{rows.New:N0} new, {rows.Changed:N0} changed, {rows.Again:N0} tried again, ")
            + Invariant($"{rows.Unchanged:N0} unchanged, {rows.Gone:N0} gone"));
        if (report.Bad.Count > 0)
            Console.WriteLine($"bad: {string.Join(", ", report.Bad.Select(bad => Invariant($"{bad.Reason} {bad.Rows:N0}")))}");
        if (report.Shards is { Count: > 0 } shards)
        {
            Console.WriteLine(Invariant($"{report.RowsPerSecond:N1} rows/s in {report.Seconds:N1} s, ")
                + $"{Amounts.Time(TimeSpan.FromHours(report.ProcessorHours))} of processor time, {Amounts.Bytes(report.BytesRead)} read, "
                + $"{Amounts.Bytes(report.BytesWritten)} written");
            Console.WriteLine($"{Counted.Of(shards.Count, "shard")} of "
                + Invariant($"{shards.MinSeconds:0.0#} to {shards.MaxSeconds:0.0#} s, median {shards.MedianSeconds:0.0#} s; ")
                + $"{Counted.Of(shards.Attempts, "attempt")}, {shards.LostAttempts} lost");
        }
        if (report.Slowest is [{ } slowest, ..])
        {
            Console.WriteLine(Invariant($"slowest: '{slowest.Image}', {slowest.ReadSeconds} s to read, ")
                + Invariant($"{slowest.DecodeSeconds} s to decode"));
        }
        Console.WriteLine($"page: {address.TrimEnd('/')}/{RunNames.ReportPage(report.Run)}");
    }
}
