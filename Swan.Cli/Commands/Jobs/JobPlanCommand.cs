using System.CommandLine;
using Swan.Batch;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.Cli.Submission;

namespace Swan.Cli.Commands;

/// <summary><c>swan job plan</c>: freezes what a run embeds.</summary>
internal static class JobPlanCommand
{
    private const string Notes =
        """
        It compares the images with the last run that ended, by size and time (or the store's version), and writes a plan and the
        inputs of each shard into OUT. Then: swan job run OUT --shard K, for each K from 0, in any order, on any machine.

        --slurm, --kubernetes and --azure-batch also write a file that submits the shards to a scheduler. If nothing has changed, a
        file that an earlier plan wrote is removed. If a run has not ended, the files are for that run.

        Exit codes: 0 planned, or nothing to do (the number of shards is printed); 1 an input can't be used; 2 the command line is
        wrong; 75 another run has not ended.
        """;

    private static readonly JobOptions Job = new();
    private static readonly JobSubmission Submission = new();
    private static readonly EstimateOptions Estimate = new();
    private static readonly Option<bool> Json = SharedOptions.Json("Print the plan as JSON on standard output.");

    public static Command Create()
    {
        DocumentedCommand command = Job.Machine.AddTo(Submission.AddTo(Job.AddTo(new DocumentedCommand(
            "plan", "Plans a run: the images that are new or changed since the last one.",
            "swan job plan --images tiles --out embeddings-of-tiles --shards 400 --slurm embed.sh") { Notes = Notes })));
        Estimate.AddTo(command).With("Report", Json);
        command.Runs(async (parsed, cancellation) =>
        {
            using JobInput input = await Job.ReadAsync(parsed, cancellation).ConfigureAwait(false);
            EstimateAsked asked = Estimate.Read(parsed);
            IReadOnlyList<SubmissionFile> files = asked.IsDry ? [] : Submission.Read(parsed);
            Task WriteAsync() => JobSubmission.WriteAsync(
                files, input, Job.Machine, parsed, JsonOutput.Notes(parsed.GetValue(Json)), cancellation);
            try
            {
                await JobExecution.ShowPlanAsync(input.Options, parsed.GetValue(Json), asked, cancellation).ConfigureAwait(false);
            }
            catch (SwanBatchException e) when (e.CanRetry)
            {
                // The file may have been lost, or its disk was full.
                await WriteAsync().ConfigureAwait(false);
                throw;
            }
            await WriteAsync().ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
