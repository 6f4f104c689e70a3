using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Swan.Batch;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet.Numerics;
using static System.FormattableString;

namespace Swan.Cli.Commands;

/// <summary>Runs a batch job's work, and reports to a scheduler how it ended.</summary>
internal static class JobExecution
{
    // Decoding an image can't be interrupted, and may take longer. What isn't done by then is done by the next attempt.
    private static readonly TimeSpan MostToStop = TimeSpan.FromSeconds(8);

    /// <summary>Has a command do a job's work: for a scheduler, stopped is "again".</summary>
    public static void Runs(this Command command, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                // Schedulers' signals are the job's: it decides what is whole.
                using var interruption = new Interruption(ExitCode.TryAgain, cancellation, MostToStop);
                return await work(parsed, interruption.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException e)
            {
                throw new CommandException("stopped. Finished shards are kept; the same command continues.", e, ExitCode.TryAgain);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // What a job's user named wrongly is an error of the job: this is a machine's fault, and another one may do.
                throw new CommandException(e.Message, e, ExitCode.InputOutput);
            }
            catch (OutOfMemoryException e)
            {
                throw new CommandException($"the process ran out of memory ({e.Message.TrimEnd('.')}). Finished shards are kept. Give "
                    + "it more memory, or reduce --batch or SWAN_MAX_PICTURE_BYTES.", e, ExitCode.TryAgain);
            }
        });

    /// <summary>Plans, or says what would be planned, and shows it.</summary>
    /// <param name="options">The job's.</param>
    /// <param name="json">Whether standard output gets the plan as JSON, and nothing else.</param>
    /// <param name="asked">What is estimated.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The plan; null where nothing has changed.</returns>
    public static async Task<BatchPlan?> ShowPlanAsync(
        BatchJobOptions options, bool json, EstimateAsked asked, CancellationToken cancellation)
    {
        options.SampleSize = asked.Sample;
        BatchJob job = new MLContext().Swan().Batch(options);
        var display = new EmbedDisplay(json);
        BatchPlan? plan = await (asked.IsDry ? job.PreviewAsync(display, cancellation) : job.PlanAsync(display, cancellation))
            .ConfigureAwait(false);
        if (json) JsonOutput.Write(PlanDisplay.ToJson(plan, asked.PricePerHour));
        else PlanDisplay.Write(plan, asked.PricePerHour);
        return plan;
    }

    /// <summary>Shows a job's work and what it made.</summary>
    /// <param name="options">The job's.</param>
    /// <param name="json">Whether standard output gets a summary as JSON, and nothing else.</param>
    /// <param name="work">The work.</param>
    public static async Task<int> ShowAsync(
        BatchJobOptions options, bool json, Func<BatchJob, IProgress<BatchProgress>, Task<BatchReport>> work)
    {
        var display = new EmbedDisplay(json);
        BatchReport report;
        try
        {
            BatchJob job = new MLContext().Swan().Batch(options);
            report = await display.ShowAsync(() => work(job, display)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            display.Summarize("stopped");
            throw;
        }

        display.Summarize("done", report);
        if (report.HasTooManyBadRows)
        {
            Console.Error.WriteLine($"swan: {TooManyBad(report)} The reasons are in the folder 'bad' beside the embeddings. Repair the "
                + "images if possible, then run the same command with --retry-bad.");
        }
        if (json) JsonOutput.Write(ToJson(report));
        return BatchExitCode.For(report);
    }

    private static string TooManyBad(BatchReport report)
    {
        if (report.Rows > 0 && report.BadShare == 1) return "No row could be embedded.";
        string found = report.Rows > 0
            ? Invariant($"{report.BadShare:P1} of the rows are bad")
            : Counted.Of(report.RowsKnownBad, "known bad row") + Invariant($", {report.KnownBadShare:P1} of the unchanged images");
        return found + Invariant($"; --max-bad allows {report.MaxBadShare:P1}.");
    }

    private static JsonObject ToJson(BatchReport report) => new()
    {
        ["run"] = report.Run,
        ["rows"] = report.Rows,
        ["embedded"] = report.Rows - report.BadRows.Values.Sum(),
        ["bad"] = new JsonObject(report.BadRows.Select(row => KeyValuePair.Create(row.Key, (JsonNode?)row.Value))),
        ["badShare"] = report.BadShare,
        ["rowsFromBefore"] = report.RowsFromBefore,
        ["rowsReused"] = report.RowsReused,
        ["rowsUnchanged"] = report.RowsUnchanged,
        ["rowsKnownBad"] = report.RowsKnownBad,
        ["rowsGone"] = report.RowsGone,
        ["seconds"] = report.Elapsed.TotalSeconds,
        ["exitCode"] = BatchExitCode.For(report),
        ["exit"] = report.HasTooManyBadRows ? "too_many_bad_rows" : "done",
    };
}
