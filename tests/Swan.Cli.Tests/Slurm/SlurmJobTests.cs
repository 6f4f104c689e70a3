using Swan.Batch.Tests;

namespace Swan.Cli.Tests.Slurm;

/// <summary>A job on a real Slurm, by the script of <c>swan job plan --slurm</c>; build/kill-slurm does hundreds of kills.</summary>
public sealed class SlurmJobTests
{
    private const int Shards = 8;

    // Its first start is: canceled, stopped by Slurm's signal, killed.
    private const int Canceled = 2, Stopped = 5, Killed = 6;

    [Fact]
    public async Task A_job_that_is_canceled_queued_again_and_killed_ends_with_the_rows_of_an_undisturbed_one()
    {
        using SlurmCluster slurm = await SlurmCluster.StartAsync();
        using var folder = new BatchFolder();
        folder.Draw(24);
        string script = folder.File("a script's name.sh"), output = folder.File("out of $(Slurm)");
        string[] plan = ["job", "plan", "--model", folder.Model, "--images", folder.Images, "--shards", $"{Shards}", "--slurm", script];
        string started = Directory.CreateDirectory(folder.File("started")).FullName;
        // Before it starts, a task may wait for what the test does with it.
        slurm.Program("swan",
            $"""
            #!/bin/sh
            if [ "$2" = run ] && mkdir "{started}/$SLURM_ARRAY_TASK_ID" 2>/dev/null; then
              sleep 600 & sleeping=$!
              trap 'kill $sleeping; exit 75' TERM
              case $SLURM_ARRAY_TASK_ID in
                {Canceled}) touch "{started}/waits"; wait ;;
                {Stopped}) kill $sleeping; exit 75 ;;
                {Killed}) kill $sleeping; kill -KILL $$ ;;
              esac
              trap - TERM; kill $sleeping
            fi
            exec dotnet {SwanProcess.Program} "$@"
            """);
        await MustBe(0, [.. plan, "--out", output]);

        string array = slurm.Submit(script);
        await slurm.Until(() => File.Exists(Path.Combine(started, "waits")), "the task that is to be canceled");
        slurm.Run("scancel", $"{array}_{Canceled}");
        await slurm.Ended();
        string[] outcomes = [.. Enumerable.Range(0, Shards).Select(task => slurm.Outcome($"{array}_{task}"))];
        Assert.StartsWith("CANCELLED", outcomes[Canceled], StringComparison.Ordinal);
        Assert.Equal("FAILED 137:0", outcomes[Killed]);
        Assert.True(outcomes.Count(outcome => outcome == "COMPLETED 0:0") == Shards - 2, $"{string.Join('\n', outcomes)}\n{slurm.Logs()}");
        Assert.Contains("left: 2,6\n", (await SwanProcess.Run("job", "status", output)).Output, StringComparison.Ordinal);

        // What is left, and nothing else.
        slurm.Run("sh", script, "--job-name=again");
        await slurm.Ended();
        Assert.Equal(["2", "6"], slurm.Run("squeue", "-h", "-r", "-t", "all", "-n", "again", "-o", "%K").Split('\n').Order());
        await MustBe(0, ["job", "status", output]);
        await MustBe(0, ["embed", "--model", folder.Model, "--images", folder.Images, "--out", folder.Out]);
        Assert.Equal(
            (await folder.RowsAsync()).Select(row => row.Text), (await BatchFolder.RowsAsync(output)).Select(row => row.Text));

        await MustBe(0, [.. plan, "--out", output]);
        Assert.False(File.Exists(script), "the script of a run that has ended");
    }

    private static async Task MustBe(int code, params string[] arguments)
    {
        (int found, string output, string errors) = await SwanProcess.Run(arguments);
        Assert.True(code == found, $"{string.Join(' ', arguments)}: {found}\n{output}\n{errors}");
    }
}
