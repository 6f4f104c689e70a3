using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.Batch;

namespace Swan.Cli.Submission;

/// <summary>Tasks of Azure Batch: <c>az batch task create --json-file FILE</c>, which sends them in hundreds.</summary>
/// <remarks>
/// What is in paths goes through a variable: how a command line is cut into words is documented nowhere. Azure Batch tries again whatever
/// the exit code; what can't be used at all ends the job, which has to have <c>onTaskFailure: performExitOptionsJobAction</c>.
/// </remarks>
internal static class AzureBatchTasks
{
    private const string Variable = "SWAN_JOB_RUN";

    private static readonly JsonSerializerOptions s_format =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(PlannedRun run)
    {
        var tasks = new JsonArray([.. Enumerable.Range(0, run.Shards).Select(shard => Task(run, shard))]);
        return tasks.ToJsonString(s_format) + "\n";
    }

    private static JsonNode Task(PlannedRun run, int shard) => new JsonObject
    {
        ["id"] = string.Create(CultureInfo.InvariantCulture, $"shard-{shard:D5}"),
        ["displayName"] = run.Title,
        ["commandLine"] = $"/bin/sh -c 'eval \"exec swan job run ${Variable}\"'",
        ["environmentSettings"] = new JsonArray(
            new JsonObject { ["name"] = Variable, ["value"] = ShellText.Quoted(run.Arguments) }),
        ["constraints"] = new JsonObject { ["maxTaskRetryCount"] = PlannedRun.Retries },
        ["exitConditions"] = new JsonObject
        {
            ["exitCodes"] = new JsonArray(
                [.. ((int[])[BatchExitCode.Failed, BatchExitCode.Usage]).Select(code =>
                    (JsonNode)new JsonObject { ["code"] = code, ["exitOptions"] = Action("terminate") })]),
            ["default"] = Action("none"),
        },
    };

    private static JsonObject Action(string action) => new() { ["jobAction"] = action };
}
