using System.Diagnostics;
using Swan.Cli.Submission;

namespace Swan.Cli.Tests.Submission;

/// <summary>The script of <c>--slurm</c>, run by the shell; with Slurm itself, see SlurmJobTests.</summary>
public sealed class SlurmScriptTests : IDisposable
{
    private readonly StandIns _programs = new();

    public SlurmScriptTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the script is for a POSIX shell");

    public void Dispose() => _programs.Dispose();

    [Theory]
    [MemberData(nameof(Runs.Paths), MemberType = typeof(Runs))]
    public void Whatever_is_in_a_path_gets_to_swan_as_it_is(string path)
    {
        PlannedRun run = Runs.Run(output: path, options: ["--endpoint", "https://a.example:9000"]) with { Model = path };
        Assert.Equal(0, Task(run, 1));
        string[] call = Assert.Single(_programs.Calls());
        Assert.Equal(["swan", "job", "run", path, "--model", path, "--endpoint", "https://a.example:9000", "--shard", "1-2:3"], call);
        // Outside of Slurm, too.
        Submit(run, "run 12: 0 of 3 shards done", "left: 0-2");
        Assert.Equal(["swan", "job", "status", path, "--endpoint", "https://a.example:9000"], _programs.Calls()[1]);
        // Slurm reads its lines up to the first command.
        Assert.Single(SlurmScript.Write(run).Split('\n').TakeWhile(line => line.StartsWith('#')), line => line.Contains("--array="));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(70)]
    [InlineData(137)]
    public void A_tasks_exit_code_is_that_of_swan_and_nothing_is_queued_again(int code)
    {
        _programs.Make("swan", $"exit {code}");
        Assert.Equal(code, Task(Runs.Run(), 0));
        Assert.Equal(["swan"], _programs.Calls().Select(call => call[0]));
    }

    [Theory]
    [InlineData(74, "RUNNING", 0, true)]
    [InlineData(75, "RUNNING", 19, true)]
    [InlineData(75, "RUNNING", 20, false)] // a disk that stays full
    [InlineData(75, "COMPLETING", 0, false)] // after scancel
    [InlineData(74, "", 0, false)] // the controller is away
    public void What_can_go_on_is_queued_again_unless_it_was_canceled_or_was_too_often(int code, string state, int restarts, bool again)
    {
        _programs.Make("swan", $"exit {code}");
        _programs.Make("squeue", $"echo {state}");
        Assert.Equal(code, Task(Runs.Run(), 2, ("SLURM_RESTART_COUNT", $"{restarts}")));
        Assert.Equal(again, _programs.Calls().Any(call => call.SequenceEqual(["scontrol", "requeue", "77_2"])));
    }

    [Fact]
    public async Task A_signal_to_the_script_is_swans_and_the_script_waits_for_how_it_ends()
    {
        string started = _programs.File("started");
        _programs.Make("swan", $"sleep 600 & child=$!; trap 'kill $child; exit 75' TERM; touch '{started}'; wait");
        // A shell may have heard of swan's end before it looks, or after: dash of Debian a third of the time before.
        for (int i = 1; i <= 12; i++)
        {
            using Process script = Process.Start(TaskStart(Runs.Run(), 0))!;
            await Eventually.True(() => File.Exists(started), "the start of swan");
            using (Process kill = Process.Start("kill", ["-TERM", $"{script.Id}"])) await kill.WaitForExitAsync();
            await script.WaitForExitAsync();
            Assert.Equal(75, script.ExitCode);
            Assert.Equal(i, _programs.Calls().Count(call => call[0] == "scontrol"));
            File.Delete(started);
        }
    }

    [Fact]
    public void Arrays_are_as_long_as_Slurm_takes_them_and_a_task_does_several_shards()
    {
        PlannedRun run = Runs.Run(shards: 2_500);
        Assert.Contains("\n#SBATCH --array=0-999\n", SlurmScript.Write(run), StringComparison.Ordinal);
        Task(run, 999);
        Assert.Equal("999-2499:1000", _programs.Calls()[0][^1]);
        Submit(run, "run 12: 2495 of 2500 shards done", "left: 7,998-1001,2007");
        Assert.Equal("--array=0,1,7,998,999", _programs.Calls()[^1][1]);
    }

    [Fact]
    public void Outside_of_Slurm_it_submits_what_is_left_with_the_options_that_it_is_given()
    {
        string script = Submit(Runs.Run(shards: 40), "run 11 is valid", "run 12: 34 of 40 shards done, 400 rows in all", "left: 0,3-5,39");
        Assert.Equal(["sbatch", "--array=0,3,4,5,39", "--partition", "two words", script], _programs.Calls()[^1]);
    }

    [Theory]
    [InlineData(0, "run 12 is valid", 0)]
    [InlineData(1, "", 1)]
    [InlineData(75, "run 13: 0 of 9 shards done", 1)]
    public void A_run_that_has_ended_is_not_submitted(int code, string status, int expected)
    {
        _programs.Make("swan", $"echo '{status}'; exit {code}");
        Assert.Equal(expected, _programs.Run("sh", [Write(Runs.Run())]).Code);
        Assert.DoesNotContain(_programs.Calls(), call => call[0] == "sbatch");
    }

    [Fact]
    public void A_task_has_as_many_processors_as_threads()
    {
        Assert.DoesNotContain("cpus-per-task", SlurmScript.Write(Runs.Run()), StringComparison.Ordinal);
        Assert.Contains("\n#SBATCH --cpus-per-task=6\n", SlurmScript.Write(Runs.Run() with { Threads = 6 }), StringComparison.Ordinal);
    }

    private int Task(PlannedRun run, int task, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = TaskStart(run, task, environment);
        return ChildProcess.Finish(start, TestContext.Current.CancellationToken).Code;
    }

    private ProcessStartInfo TaskStart(PlannedRun run, int task, params (string Name, string Value)[] environment) => _programs.Start(
        "sh", [Write(run)], [("SLURM_ARRAY_JOB_ID", "77"), ("SLURM_ARRAY_TASK_ID", $"{task}"), .. environment]);

    private string Submit(PlannedRun run, params string[] status)
    {
        _programs.Make("swan", $"cat <<'EOF'\n{string.Join('\n', status)}\nEOF\nexit 75");
        string script = Write(run);
        (int code, _, string errors) = _programs.Run("sh", [script, "--partition", "two words"]);
        Assert.True(code == 0, errors);
        return script;
    }

    private string Write(PlannedRun run)
    {
        string path = _programs.File("embed.sh");
        File.WriteAllText(path, SlurmScript.Write(run));
        return path;
    }
}
