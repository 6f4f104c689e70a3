using System.CommandLine;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Commands;

/// <summary><c>swan embed</c>: embeds any number of images into Parquet, again every night.</summary>
internal static class EmbedCommand
{
    private const string Notes =
        """
        It writes OUT/embeddings/RUN/*.parquet (row, image, hash, embedding) and, for rows that can't be embedded,
        OUT/bad/RUN/*.jsonl (row, image, reason, message). The same command later embeds new and changed images, and goes on
        where it was stopped. For a cluster: swan job --help.

        Exit codes:
          0   all rows are done
          1   model, images, list or output can't be used as they are           (don't retry)
          2   the command line is wrong                                         (don't retry)
          3   all rows are done, but more of them are bad than --max-bad
              allows, or none of several could be embedded                      (don't retry)
          70  a bug in swan                                                     (don't retry)
          74  reading or writing failed, e.g. a full disk                       (retry)
          75  stopped by SIGTERM, SIGHUP or Ctrl+C, out of memory, or another
              run has not ended                                                 (retry)
          Killed (137) or crashed: retry. Shards that are done are kept.
        """;

    private static readonly JobOptions Job = new();
    private static readonly EstimateOptions Estimate = new();
    private static readonly Option<bool> Json = SharedOptions.Json(
        "Print a summary as JSON on standard output at the end. Progress goes to standard error.");

    public static Command Create()
    {
        DocumentedCommand command = Job.Machine.AddTo(Job.AddTo(new DocumentedCommand(
            "embed", "Embeds new and changed images into Parquet files. It can be killed at any time.",
            "swan embed --images tiles --out embeddings-of-tiles") { Notes = Notes }));
        Estimate.AddTo(command).With("Report", Json);
        command.Runs(async (parsed, cancellation) =>
        {
            using JobInput input = await Job.ReadAsync(parsed, cancellation).ConfigureAwait(false);
            EstimateAsked estimate = Estimate.Read(parsed, onlyDry: true);
            if (estimate.IsDry)
            {
                await JobExecution.ShowPlanAsync(input.Options, parsed.GetValue(Json), estimate, cancellation).ConfigureAwait(false);
                return ExitCode.Done;
            }
            return await JobExecution.ShowAsync(
                input.Options, parsed.GetValue(Json), (job, progress) => job.RunAsync(progress, cancellation)).ConfigureAwait(false);
        });
        return command;
    }
}
