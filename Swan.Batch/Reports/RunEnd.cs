using System.Text;
using Swan.Batch.Runs;
using Swan.Batch.Settings;
using Swan.MLNet;

namespace Swan.Batch.Reports;

/// <summary>Ends runs: the outcome, which makes a run valid, and then its report.</summary>
/// <remarks>
/// A process that is killed between the two leaves the report to the next one that looks at the job. Abandoned runs and compactions have
/// no report.
/// </remarks>
internal static class RunEnd
{
    /// <summary>Reads what there is, and ends a run whose shards are all done.</summary>
    public static async Task<JobHistory> HistoryAsync(RunStore runs, CancellationToken cancellation)
    {
        JobHistory history = await JobHistory.ReadAsync(runs, ends: true, cancellation).ConfigureAwait(false);
        if (history.Valid is not { } valid) return history;
        try
        {
            await WriteReportAsync(runs, valid, cancellation).ConfigureAwait(false);
        }
        // Work doesn't need it, and readers may lack write access. A request for the report gets the reason.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SwanException)
        {
        }
        return history;
    }

    /// <summary>Writes a run's end down, if all its shards are done.</summary>
    /// <returns>The outcome that was written first; null if a shard is missing.</returns>
    public static async Task<RunOutcome?> TryEndAsync(RunStore runs, RunPlan plan, CancellationToken cancellation)
    {
        RunOutcome? outcome = await JobHistory.TryEndAsync(runs, plan, cancellation).ConfigureAwait(false);
        if (outcome is { Valid: true }) await WriteReportAsync(runs, plan, cancellation).ConfigureAwait(false);
        return outcome;
    }

    /// <summary>The report of a run that is valid; made where there is none yet.</summary>
    /// <param name="runs">The job.</param>
    /// <param name="number">The run; null: the last one that has a report.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SwanBatchException">There is no such run, or it has no report.</exception>
    public static async Task<RunReport> ReportAsync(RunStore runs, int? number, CancellationToken cancellation)
    {
        RunPlan plan = number is { } asked ? await ReportedAsync(runs, asked, cancellation).ConfigureAwait(false)
            : await LastAsync(runs, cancellation).ConfigureAwait(false);
        await WriteReportAsync(runs, plan, cancellation).ConfigureAwait(false);
        string key = RunNames.Report(plan.Number);
        return await runs.ReadAsync(key, ReportJson.Document.RunReport, cancellation).ConfigureAwait(false) ?? throw runs.Missing(key);
    }

    private static async Task<RunPlan> LastAsync(RunStore runs, CancellationToken cancellation)
    {
        JobHistory history = await HistoryAsync(runs, cancellation).ConfigureAwait(false);
        RunPlan? plan = history.Valid;
        while (plan is { Compacts: true, Base: > 0 })
            plan = await JobHistory.PlanAsync(runs, plan.Base, cancellation).ConfigureAwait(false);
        return plan ?? throw new SwanBatchException($"No run of '{runs.Objects.Address}' has ended yet, so there is no report."
            + (history.Unfinished is { } run ? $" Run {run.Number} will have one when its shards are done." : ""), canRetry: true);
    }

    private static async Task<RunPlan> ReportedAsync(RunStore runs, int number, CancellationToken cancellation)
    {
        JobHistory history = await HistoryAsync(runs, cancellation).ConfigureAwait(false);
        if (number >= history.Next)
        {
            throw new SwanBatchException($"'{runs.Objects.Address}' has no run {number}: its runs are numbered from 1 to "
                + $"{history.Next - 1}.");
        }
        RunPlan plan = await JobHistory.PlanAsync(runs, number, cancellation).ConfigureAwait(false);
        string? why = await JobHistory.OutcomeAsync(runs, number, cancellation).ConfigureAwait(false) switch
        {
            null => "has not ended",
            { Valid: false } => "was abandoned",
            _ when plan.Compacts => "only merged the rows of earlier runs",
            _ => null,
        };
        return why is null ? plan
            : throw new SwanBatchException($"Run {number} of '{runs.Objects.Address}' {why}, so it has no report. Choose another run.");
    }

    // The page last: if it exists, both exist. It is made from the document that was written first.
    private static async Task WriteReportAsync(RunStore runs, RunPlan plan, CancellationToken cancellation)
    {
        if (plan.Compacts) return;
        List<string> there = await runs.KeysAsync(RunNames.Reports(plan.Number), cancellation).ConfigureAwait(false);
        string key = RunNames.Report(plan.Number), page = RunNames.ReportPage(plan.Number);
        if (there.Contains(key) && there.Contains(page)) return;
        if (!there.Contains(key))
        {
            JobSettings settings = await runs.ReadAsync(RunNames.Job, RunJson.Document.JobSettings, cancellation).ConfigureAwait(false)
                ?? throw runs.Missing(RunNames.Job);
            RunOutcome outcome = await JobHistory.OutcomeAsync(runs, plan.Number, cancellation).ConfigureAwait(false)
                ?? throw runs.Missing(RunNames.Outcome(plan.Number));
            RunReport made = await new RunAccounts(runs, plan).MakeAsync(settings, outcome, cancellation).ConfigureAwait(false);
            await runs.CreateAsync(key, made, ReportJson.Document.RunReport, cancellation).ConfigureAwait(false);
        }
        RunReport report = await runs.ReadAsync(key, ReportJson.Document.RunReport, cancellation).ConfigureAwait(false)
            ?? throw runs.Missing(key);
        using var html = new MemoryStream(Encoding.UTF8.GetBytes(ReportPage.Write(report)), writable: false);
        await runs.Objects.CreateAsync(page, html, cancellation).ConfigureAwait(false);
    }
}
