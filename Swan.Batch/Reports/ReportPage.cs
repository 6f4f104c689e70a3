using System.Globalization;
using System.Text;
using Swan.Batch.Runs;
using Swan.Batch.Settings;
using Swan.MLNet.Numerics;
using static System.FormattableString;

namespace Swan.Batch.Reports;

/// <summary>A report as one HTML file that needs nothing else; it prints on A4.</summary>
internal static class ReportPage
{
    /// <summary>Writes a page.</summary>
    public static string Write(RunReport report)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Run {report.Run}</title>
            <style>{ReportPageStyle.Css}</style>
            </head>
            <body>
            <main>
            <header><h1>Run {report.Run}</h1>
            <p>{ShownText.Apart(report.Settings.Source)}</p>
            <p>Planned {Utc(report.Planned)}, ended {Utc(report.Ended)}.</p></header>

            """);
        WriteRows(html, report);
        WriteBad(html, report);
        WriteWork(html, report);
        WriteSlowest(html, report.Slowest);
        WriteSettings(html, report);
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void WriteRows(StringBuilder html, RunReport report)
    {
        ReportRows rows = report.Rows;
        html.Append("<section>\n<ul class=\"tiles\">\n");
        Tile("embedded", rows.Embedded, "embedded");
        Tile("bad", rows.Bad, "bad");
        Tile("unchanged", rows.Unchanged, "unchanged");
        Tile("gone", rows.Gone, "gone");
        html.Append("</ul>\n");
        html.Append(CultureInfo.InvariantCulture, $"""
            <p>{Counted.Of(rows.All, "image")} to embed: {rows.New:N0} new, {rows.Changed:N0} changed, {rows.Again:N0} tried again.
            {Counted.Of(rows.Reused, "row reuses", "rows reuse")} a known vector.</p>
            </section>

            """);

        void Tile(string kind, long count, string name) => html.Append(CultureInfo.InvariantCulture,
            $"<li class=\"{kind}{(count == 0 ? " none" : "")}\"><b>{count:N0}</b> {name}</li>\n");
    }

    private static void WriteBad(StringBuilder html, RunReport report)
    {
        if (report.Bad.Count == 0) return;
        double share = (double)report.Rows.Bad / report.Rows.All;
        string alarm = share > report.MaxBadShare ? " class=\"alarm\"" : "";
        html.Append(CultureInfo.InvariantCulture, $"""
            <section>
            <h2>Bad rows</h2>
            <p{alarm}>{Percent(share)} of the rows; {Percent(report.MaxBadShare)} allowed.</p>

            """);
        foreach (ReportFault fault in report.Bad)
        {
            html.Append(CultureInfo.InvariantCulture, $"""
                <h3>{ShownText.Of(fault.Reason)} <small>{Counted.Of(fault.Rows, "row")}</small></h3>
                <table class="faults">
                <thead><tr><th scope="col">Image</th><th scope="col">Message</th></tr></thead>
                <tbody>

                """);
            foreach (ReportExample example in fault.Examples)
            {
                html.Append(CultureInfo.InvariantCulture,
                    $"<tr><th scope=\"row\">{ShownText.Apart(example.Image)}</th><td>{ShownText.Apart(example.Message)}</td></tr>\n");
            }
            long more = fault.Rows - fault.Examples.Count;
            if (more > 0) html.Append(CultureInfo.InvariantCulture, $"<tr><td colspan=\"2\">and {more:N0} more</td></tr>\n");
            html.Append("</tbody>\n</table>\n");
        }
        html.Append("</section>\n");
    }

    private static void WriteWork(StringBuilder html, RunReport report)
    {
        ReportShards shards = report.Shards;
        html.Append("<section>\n<h2>Work</h2>\n<dl>\n");
        if (shards.Count > 0)
        {
            Fact("Rate", Invariant($"{report.RowsPerSecond:N1} rows/s, {Seconds(report.Seconds)} from the first shard to the last"));
            Fact("Processors", Amounts.Time(TimeSpan.FromHours(report.ProcessorHours)));
            Fact("Images read", Amounts.Bytes(report.BytesRead));
            Fact("Rows written", Amounts.Bytes(report.BytesWritten));
        }
        Fact("Shards", Invariant($"{shards.Count:N0}"));
        if (shards.Count > 0)
        {
            Fact("A shard", $"{Seconds(shards.MinSeconds)} at least, {Seconds(shards.MedianSeconds)} median, "
                + $"{Seconds(shards.MaxSeconds)} at most");
            Fact("Attempts", Invariant($"{shards.Attempts:N0}, of which {shards.LostAttempts:N0} were lost"));
        }
        html.Append("</dl>\n</section>\n");

        void Fact(string name, string value) => html.Append(CultureInfo.InvariantCulture, $"<dt>{name}</dt><dd>{value}</dd>\n");
    }

    private static void WriteSlowest(StringBuilder html, IReadOnlyList<SlowInput> slowest)
    {
        if (slowest.Count == 0) return;
        html.Append("""
            <section>
            <h2>Slowest images</h2>
            <table>
            <thead><tr><th scope="col">Image</th><th scope="col" class="number">Reading</th>
            <th scope="col" class="number">Decoding</th></tr></thead>
            <tbody>

            """);
        foreach (SlowInput input in slowest)
        {
            html.Append(CultureInfo.InvariantCulture, $"""
                <tr><th scope="row">{ShownText.Apart(input.Image)}</th>
                <td class="number">{input.ReadSeconds:F3} s</td><td class="number">{input.DecodeSeconds:F3} s</td></tr>

                """);
        }
        html.Append("</tbody>\n</table>\n</section>\n");
    }

    private static void WriteSettings(StringBuilder html, RunReport report)
    {
        JobSettings settings = report.Settings;
        html.Append("<section>\n<h2>Settings</h2>\n<dl>\n");
        Setting("Source", settings.Source);
        Setting("Model", $"{settings.ModelName} ({settings.ModelFingerprint})");
        Setting("Model file", settings.Model ?? "the included model");
        Setting("Embedding", Invariant($"{settings.EmbeddingSize} values{(settings.Precision is { } type ? $" of {type}" : "")}"));
        Setting("Rotations", Invariant($"{settings.Rotations}"));
        Setting("Range", settings.Range);
        Setting("Bands", settings.Bands);
        Setting("No data", settings.NoData);
        Setting("Least data", settings.MinValidShare is { } share ? Percent(share) : null);
        Setting("Steps", settings.Steps);
        Setting("Columns", settings.Columns is { } columns ? string.Join(", ", columns) : null);
        Setting("Swan", settings.SwanVersion);
        Setting("Files", report.Id);
        html.Append("</dl>\n</section>\n");

        void Setting(string name, string? value)
        {
            if (value is not null) html.Append(CultureInfo.InvariantCulture, $"<dt>{name}</dt><dd>{ShownText.Apart(value)}</dd>\n");
        }
    }

    private static string Utc(DateTime time) =>
        Invariant($"<time datetime=\"{time:yyyy-MM-ddTHH:mm:ssZ}\">{time:yyyy-MM-dd HH:mm:ss}</time> UTC");

    private static string Percent(double share) => Invariant($"{100 * share:0.##}&nbsp;%");

    private static string Seconds(double seconds) =>
        seconds < 60 ? Invariant($"{seconds:0.0#} s") : Amounts.Time(TimeSpan.FromSeconds(seconds));
}
