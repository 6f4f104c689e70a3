using System.Text.Json.Nodes;
using Swan.Cli.Commands;
using Swan.Cli.Submission;

namespace Swan.Cli.Tests.Submission;

/// <summary>The tasks of <c>--azure-batch</c>. No Azure Batch has run them: the shell runs what they say.</summary>
public sealed class AzureBatchTasksTests
{
    [Theory]
    [MemberData(nameof(Runs.Paths), MemberType = typeof(Runs))]
    public void Whatever_is_in_a_path_gets_to_swan_as_it_is(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the tasks are for Linux");
        PlannedRun run = Runs.Run(output: path, options: ["--threads", "2"]) with { Model = path };
        JsonNode task = Tasks(run)[1]!;
        JsonNode setting = Assert.Single(task["environmentSettings"]!.AsArray())!;
        using var programs = new StandIns();
        // Words as a shell cuts them; there is nothing in them but what is the same for all tasks.
        (int code, _, string errors) = programs.Run(
            "sh", ["-c", (string)task["commandLine"]!], ((string)setting["name"]!, (string)setting["value"]!));
        Assert.True(code == 0, errors);
        Assert.Equal(["swan", "job", "run", path, "--model", path, "--threads", "2"], Assert.Single(programs.Calls()));
    }

    [Fact]
    public void There_is_a_task_for_each_shard_that_says_which_it_is()
    {
        string[] ids = [.. Tasks(Runs.Run(shards: 250)).Select(task => (string)task!["id"]!)];
        Assert.Equal(Enumerable.Range(0, 250), ids.Select(id => ShardVariable.Read(name => name == "AZ_BATCH_TASK_ID" ? id : null) ?? -1));
        Assert.Equal("shard-00249", ids[^1]);
        // What the service allows.
        Assert.All(ids, id => Assert.Matches("^[A-Za-z0-9_-]{1,64}$", id));
    }

    [Fact]
    public void A_task_is_tried_again_and_ends_the_job_where_nothing_can_be_used()
    {
        JsonNode task = Tasks(Runs.Run())[0]!;
        Assert.Equal(6, (int)task["constraints"]!["maxTaskRetryCount"]!);
        JsonNode conditions = task["exitConditions"]!;
        Assert.Equal("""{"jobAction":"none"}""", conditions["default"]!.ToJsonString());
        Assert.Equal(
            ["1 terminate", "2 terminate"],
            conditions["exitCodes"]!.AsArray().Select(exit => $"{exit!["code"]} {exit["exitOptions"]!["jobAction"]}"));
    }

    private static JsonArray Tasks(PlannedRun run) => JsonNode.Parse(AzureBatchTasks.Write(run))!.AsArray();
}
