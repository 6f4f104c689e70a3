using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Training.Evaluation;

namespace Swan.Cli.Commands;

/// <summary>What a calibration is worth, as tables and as JSON.</summary>
internal static class CalibrationReportDisplay
{
    /// <summary>Writes the tables, in Markdown.</summary>
    public static void Show(SwanCalibrationReport report, string path, TextWriter to)
    {
        to.WriteLine("Fitted on one half of the scenes, checked on the other, and the other way round:");
        to.WriteLine();
        to.WriteLine("| queries | images | asked | answered without a right image | \"nothing found\" with one | not known |");
        to.WriteLine("|---|---|---|---|---|---|");
        foreach (SwanCalibrationRow row in report.Rows)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Images:N0} | {row.Queries:N0} | {Percent(row.AnsweredWithoutRight)} "
                + $"| {Percent(row.NothingWithRight)} | {Percent(row.NotKnown)} |"));
        }
        to.WriteLine();
        to.WriteLine("| predicted | answers | right | hits | right |");
        to.WriteLine("|---|---|---|---|---|");
        for (int bin = 0; bin < report.Any.Count; bin++)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {bin * 10} to {bin * 10 + 10} % | {report.Any[bin].Count:N0} | {Percent(report.Any[bin].Observed)} "
                + $"| {report.Hits[bin].Count:N0} | {Percent(report.Hits[bin].Observed)} |"));
        }
        to.WriteLine();
        to.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Expected calibration error {report.ExpectedErrorOfAny:F3} for answers, {report.ExpectedErrorOfHits:F3} for hits."));
        to.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: \"nothing found\" below a probability of {report.MinProbability:F3}."));
    }

    /// <summary>All of it.</summary>
    public static JsonObject ToJson(SwanCalibrationReport report, string path) => new()
    {
        ["model"] = path,
        ["minProbability"] = report.MinProbability,
        ["rows"] = new JsonArray([.. report.Rows.Select(row => new JsonObject
        {
            ["queries"] = row.Name,
            ["images"] = row.Images,
            ["asked"] = row.Queries,
            ["answeredWithoutRight"] = JsonOutput.Number(row.AnsweredWithoutRight),
            ["nothingWithRight"] = JsonOutput.Number(row.NothingWithRight),
            ["notKnown"] = JsonOutput.Number(row.NotKnown),
        })]),
        ["any"] = Bins(report.Any, report.ExpectedErrorOfAny),
        ["hits"] = Bins(report.Hits, report.ExpectedErrorOfHits),
    };

    private static JsonObject Bins(IReadOnlyList<SwanReliabilityBin> bins, double error) => new()
    {
        ["expectedError"] = error,
        ["bins"] = new JsonArray([.. bins.Select(bin => new JsonObject
        {
            ["count"] = bin.Count,
            ["predicted"] = JsonOutput.Number(bin.Predicted),
            ["observed"] = JsonOutput.Number(bin.Observed),
        })]),
    };

    private static string Percent(double share) =>
        double.IsNaN(share) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");
}
