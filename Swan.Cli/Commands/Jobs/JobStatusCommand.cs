using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Batch;
using Swan.Batch.Stores;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet.Numerics;

namespace Swan.Cli.Commands;

/// <summary><c>swan job status</c>: how far a run is.</summary>
internal static class JobStatusCommand
{
    private static readonly Argument<string> Output = new("output") { Description = "The --out of swan job plan.", HelpName = "out" };
    private static readonly StoreOptions Stores = new();
    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON.");

    public static Command Create()
    {
        DocumentedCommand command = Stores.AddTo(new DocumentedCommand(
            "status", "Shows the progress of a run: the shards that are left, and the attempts at work.",
            "swan job status embeddings-of-tiles")
            {
                Notes = "Exit codes: 0 the last run has ended; 75 shards are left; 1 there is no job.",
            }
            .With(Output)).With("Report", Json);
        command.Runs(async (parsed, cancellation) =>
        {
            using ObjectStore output = ObjectStores.ObjectStores.Open(parsed.GetRequiredValue(Output), Stores.Read(parsed));
            BatchStatus status = await BatchJob.GetStatusAsync(output, cancellation).ConfigureAwait(false);
            if (parsed.GetValue(Json)) JsonOutput.Write(ToJson(status));
            else Print(status);
            return status.Unfinished is null ? ExitCode.Done : ExitCode.TryAgain;
        });
        return command;
    }

    private static void Print(BatchStatus status)
    {
        if (status.ValidRun > 0) Console.WriteLine($"run {status.ValidRun} is valid");
        if (status.Unfinished is not { } plan) return;
        int done = plan.Shards - status.ShardsLeft.Count;
        Console.WriteLine($"run {plan.Run}: {done} of {Counted.Of(plan.Shards, "shard")} done, {Counted.Of(plan.Rows, "row")} in all");
        Console.WriteLine($"left: {Ranges(status.ShardsLeft)}");
        foreach (BatchAttempt attempt in status.Attempts)
        {
            Console.WriteLine($"  shard {attempt.Shard}: {Counted.Of(attempt.RowsDone, "row")} on {attempt.Host}, reported "
                + $"{(DateTime.UtcNow - attempt.Said).TotalSeconds.ToString("F0", CultureInfo.InvariantCulture)} s ago"
                + (attempt.At is null ? "" : $", at '{attempt.At}'"));
        }
    }

    // As sbatch --array takes them.
    private static string Ranges(IReadOnlyList<int> numbers)
    {
        var ranges = new List<string>();
        for (int i = 0; i < numbers.Count;)
        {
            int end = i;
            while (end + 1 < numbers.Count && numbers[end + 1] == numbers[end] + 1) end++;
            ranges.Add(end == i ? $"{numbers[i]}" : $"{numbers[i]}-{numbers[end]}");
            i = end + 1;
        }
        return string.Join(',', ranges);
    }

    private static JsonObject ToJson(BatchStatus status) => new()
    {
        ["validRun"] = status.ValidRun,
        ["unfinishedRun"] = status.Unfinished?.Run,
        ["shards"] = status.Unfinished?.Shards,
        ["shardsLeft"] = new JsonArray([.. status.ShardsLeft.Select(shard => (JsonNode)shard)]),
        ["attempts"] = new JsonArray([.. status.Attempts.Select(attempt => (JsonNode)new JsonObject
        {
            ["shard"] = attempt.Shard,
            ["host"] = attempt.Host,
            ["begun"] = attempt.Begun,
            ["said"] = attempt.Said,
            ["rowsDone"] = attempt.RowsDone,
            ["at"] = attempt.At,
        })]),
    };
}
