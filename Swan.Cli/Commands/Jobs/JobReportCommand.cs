using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.Batch.Jobs;
using Swan.Batch.Reports;
using Swan.Batch.Runs;
using Swan.Batch.Stores;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Commands;

/// <summary><c>swan job report</c>: what became of a run.</summary>
internal static class JobReportCommand
{
    private const string Notes =
        """
        When a run ends, its report is written to OUT/reports/000012.json, and as a page to OUT/reports/000012.html.
        Abandoned runs and runs of swan job compact have no report.

        Exit codes: 0 there is a report; 75 no run has ended yet; 1 there is no such run, or no job.
        """;

    private static readonly Argument<string> Output = new("output") { Description = "The --out of swan job plan.", HelpName = "out" };

    private static readonly Option<int?> Run = new OptionalNumberOption<int>("--run")
    {
        Description = "Number of the run. Default: the last run with a report.", HelpName = "n",
        Fault = number => number < 1 ? "expected 1 or more" : null,
    };

    private static readonly StoreOptions Stores = new();
    private static readonly Option<bool> Json = SharedOptions.Json("Print the report as JSON.");

    public static Command Create()
    {
        DocumentedCommand command = Stores.AddTo(new DocumentedCommand(
            "report", "Reports on a run that has ended: rows, faults, speed, slowest images.",
            "swan job report embeddings-of-tiles") { Notes = Notes }
            .With(Output).With("Run", Run)).With("Report", Json);
        command.Runs(async (parsed, cancellation) =>
        {
            using ObjectStore output = ObjectStores.ObjectStores.Open(parsed.GetRequiredValue(Output), Stores.Read(parsed));
            RunReport report = await JobState.ReportAsync(new RunStore(output), parsed.GetValue(Run), cancellation).ConfigureAwait(false);
            if (parsed.GetValue(Json))
                JsonOutput.Write((JsonObject)JsonSerializer.SerializeToNode(report, ReportJson.Document.RunReport)!);
            else ReportDisplay.Write(report, output.Address);
            return ExitCode.Done;
        });
        return command;
    }
}
