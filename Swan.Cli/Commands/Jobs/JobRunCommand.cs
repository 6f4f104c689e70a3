using System.CommandLine;
using Swan.Batch;
using Swan.Batch.Stores;
using Swan.Cli.Options;
using Swan.ObjectStores;

namespace Swan.Cli.Commands;

/// <summary><c>swan job run</c>: embeds shards of a run that is planned.</summary>
internal static class JobRunCommand
{
    private const string Notes =
        """
        The shard comes from --shard, or from a variable that schedulers set: SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX
        (Kubernetes) or AZ_BATCH_TASK_ID (shard-00007). Without any, all shards that are left are embedded. A shard may run twice at
        a time; the first to end counts.

        Exit codes are those of swan embed: 0 and 3 done, 74 and 75 try again, 1, 2 and 70 don't.
        """;

    private static readonly Argument<string> Output = new("output") { Description = "The --out of swan job plan.", HelpName = "out" };

    private static readonly Option<int[]?> Shard = new("--shard")
    {
        Description = "Number of the shard, from 0, or several to embed in turn: 0-3,9 or 7-399:100.",
        HelpName = "k",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = given =>
        {
            string text = given.Tokens[0].Value;
            if (ShardNumbers.Parse(text) is { } numbers) return numbers;
            given.AddError($"--shard is '{text}'; expected a number from 0, or several such as 0-3,9 or, every 100th, 7-399:100.");
            return null;
        },
    };

    private static readonly Option<string?> Model = SharedOptions.OptionalModel();
    private static readonly JobMachineOptions Machine = new();
    private static readonly Option<bool> Json = SharedOptions.Json(
        "Print a summary as JSON on standard output at the end. Progress goes to standard error.");

    public static Command Create()
    {
        DocumentedCommand command = Machine.AddTo(new DocumentedCommand(
            "run", "Embeds one shard of the planned run, or all that are left.",
            "swan job run embeddings-of-tiles --shard 7") { Notes = Notes }
            .With(Output).With("Shard", Shard).With("Model", Model)).With("Report", Json);
        command.Runs(async (parsed, cancellation) =>
        {
            ObjectStoreOptions stores = Machine.ReadStores(parsed);
            using ObjectStore output = ObjectStores.ObjectStores.Open(parsed.GetRequiredValue(Output), stores);
            BatchJobOptions options = await BatchJob.GetOptionsAsync(output, cancellation).ConfigureAwait(false);
            using IDisposable? source = JobSourceOptions.Reopen(options, stores);
            if (parsed.GetValue(Model) is { } model) options.Model = model;
            Machine.Read(parsed, options);
            // An option of several values that is not given has none.
            int[]? shards = parsed.GetValue(Shard) is { Length: > 0 } given ? given
                : ShardVariable.Read(Environment.GetEnvironmentVariable) is { } one ? [one] : null;
            return await JobExecution.ShowAsync(
                options, parsed.GetValue(Json),
                (job, progress) => job.RunShardsAsync(shards, progress, cancellation)).ConfigureAwait(false);
        });
        return command;
    }
}
