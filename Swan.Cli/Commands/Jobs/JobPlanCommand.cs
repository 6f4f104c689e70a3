using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Swan.Batch;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.MLNet.Numerics;

namespace Swan.Cli.Commands;

/// <summary><c>swan job plan</c>: freezes what a run embeds.</summary>
internal static class JobPlanCommand
{
    private const string Notes =
        """
        It compares the images with the last run that ended, by size and time (or what the store says), and writes a plan and the
        inputs of each shard into OUT. Then: swan job run OUT --shard K, for each K from 0, in any order, on any machine.

        Exit codes: 0 planned, or nothing to do (the number of shards is printed); 2 can't be used; 75 another run has not ended.
        """;

    private static readonly JobOptions Job = new();
    private static readonly Option<bool> Json = SharedOptions.Json("Print the plan as JSON, and nothing else on standard output.");

    public static Command Create()
    {
        DocumentedCommand command = Job.Machine.AddTo(Job.AddTo(new DocumentedCommand(
            "plan", "Freezes what a run embeds: what is new or changed since the last one.",
            "swan job plan --images tiles --out embeddings-of-tiles --shards 400") { Notes = Notes })).With("Report", Json);
        command.Runs(async (parsed, cancellation) =>
        {
            using JobInput input = Job.Read(parsed);
            bool json = parsed.GetValue(Json);
            BatchJob job = new MLContext().Swan().Batch(input.Options);
            var display = new EmbedDisplay(json);
            BatchPlan? plan = await job.PlanAsync(display, cancellation).ConfigureAwait(false);
            if (json) JsonOutput.Write(ToJson(plan));
            else if (plan is null) Console.WriteLine("0 shards: nothing has changed.");
            else Console.WriteLine($"{Counted.Of(plan.Shards, "shard")}.");
            return BatchExitCode.Done;
        });
        return command;
    }

    private static JsonObject ToJson(BatchPlan? plan) => new()
    {
        ["run"] = plan?.Run,
        ["shards"] = plan?.Shards ?? 0,
        ["rows"] = plan?.Rows ?? 0,
        ["new"] = plan?.New ?? 0,
        ["changed"] = plan?.Changed ?? 0,
        ["again"] = plan?.Again ?? 0,
        ["unchanged"] = plan?.Unchanged,
        ["gone"] = plan?.Gone ?? 0,
    };
}
