using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan job</c>, as schedulers call it; what a job does is tested in Swan.Batch.Tests.</summary>
public sealed class JobCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _images, _out, _model;

    public JobCommandTests()
    {
        _images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 5; i++) TinyImages.Write(_images, $"{i}.png", seed: i);
        (_out, _model) = (_folder.File("out"), TinyModel.Write(_folder.FullName));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_planned_its_shards_are_done_by_whatever_says_which_and_the_status_says_what_is_left()
    {
        await EndsWithAsync(1, "There is no job in", "job", "status", _out);
        await EndsWithAsync(1, "There is no job in", "job", "run", _out);
        await EndsWithAsync(0, "3 shards.", Plan);
        await EndsWithAsync(75, "has not ended", Plan);
        await EndsWithAsync(75, "run 1: 0 of 3 shards done, 5 rows in all\nleft: 0-2\n", "job", "status", _out);

        await EndsWithAsync(0, "done: 2 of 2 rows, 2 embedded, 0 bad", "job", "run", _out, "--shard", "1");
        await EndsWithAsync(0, "2 rows were done before", "job", "run", _out, "--shard", "1");
        await EndsWithAsync(75, "left: 0,2\n", "job", "status", _out);
        (int code, string output, string errors) = await SwanProcess.Run("job", "status", _out, "--json");
        Assert.True(code == 75, errors);
        JsonNode status = JsonNode.Parse(output)!;
        Assert.Equal((0, 1, 3, "[0,2]"), ((int)status["validRun"]!, (int)status["unfinishedRun"]!, (int)status["shards"]!,
            status["shardsLeft"]!.ToJsonString()));

        await EndsWithAsync(1, "has no shard 3: it has 3, numbered from 0", "job", "run", _out, "--shard", "3");
        await EndsWithAsync(2, "--shard is '0-'; expected a number from 0", "job", "run", _out, "--shard", "0-");
        await EndsWithAsync(0, "shard 2: ", new Dictionary<string, string> { ["SLURM_ARRAY_TASK_ID"] = "2" }, "job", "run", _out);
        await EndsWithAsync(0, "shard 0: ", "job", "run", _out); // all that are left
        await EndsWithAsync(0, "run 1 is valid\n", "job", "status", _out);
        await EndsWithAsync(0, "0 shards: nothing has changed.", Plan);
        await EndsWithAsync(0, "5 rows were done before", "job", "run", _out);
    }

    [Fact]
    public async Task A_plan_as_JSON_says_how_many_shards_there_are()
    {
        (int code, string output, string errors) = await SwanProcess.Run([.. Plan, "--json"]);
        Assert.True(code == 0, errors);
        JsonNode plan = JsonNode.Parse(output)!;
        Assert.Equal((1, 3, 5, 5, 0), ((int)plan["run"]!, (int)plan["shards"]!, (int)plan["rows"]!, (int)plan["new"]!, (int)plan["gone"]!));
        Assert.Equal(0, (await SwanProcess.Run("job", "run", _out)).ExitCode);
        plan = JsonNode.Parse((await SwanProcess.Run([.. Plan, "--json"])).Output)!;
        Assert.Equal((null, 0), ((int?)plan["run"], (int)plan["shards"]!));
    }

    [Fact]
    public async Task A_dry_run_names_what_a_run_takes_and_its_price_and_writes_nothing()
    {
        await EndsWithAsync(0, "Estimated from 1 image: ", [.. Plan, "--dry-run"]);
        await EndsWithAsync(0, "At 3.5 per hour of such a machine: 0.0", [.. Plan, "--dry-run", "--price-per-hour", "3.5"]);
        JsonNode plan = JsonNode.Parse((await SwanProcess.Run(["embed", .. Plan[2..], "--dry-run", "--json"])).Output)!;
        Assert.Equal((5, 3), ((int)plan["new"]!, (int)plan["shards"]!));
        Assert.Equal(Directory.GetFiles(_images).Sum(file => new FileInfo(file).Length), (long)plan["estimate"]!["bytesRead"]!);
        Assert.False(Directory.Exists(_out));
    }

    [Fact]
    public async Task A_shard_of_too_many_bad_rows_ends_with_3_by_the_share_of_its_plan()
    {
        File.WriteAllText(Path.Combine(_images, "0.png"), "no image");
        await EndsWithAsync(0, "3 shards.", [.. Plan, "--max-bad", "0"]);
        await EndsWithAsync(0, "2 embedded", "job", "run", _out, "--shard", "2");
        await EndsWithAsync(3, "shard 0: 1 row, 1 bad (NotAnImage 1)", "job", "run", _out, "--shard", "0");
        await EndsWithAsync(0, "3 shards.", [.. Plan, "--supersede", "--max-bad", "1"]);
        await EndsWithAsync(0, "shard 0: 1 row, 1 bad (NotAnImage 1)", "job", "run", _out, "--shard", "0");
    }

    [Fact]
    public async Task What_is_not_the_jobs_is_refused()
    {
        await EndsWithAsync(0, "3 shards.", Plan);
        string other = TinyModel.WriteWithConstant(_folder.FullName);
        await EndsWithAsync(1, "the model: was 'tiny'", "job", "run", _out, "--model", other);
        await EndsWithAsync(
            1, "which doesn't end in a number", new Dictionary<string, string> { ["JOB_COMPLETION_INDEX"] = "x" }, "job", "run", _out);
        // The model may be elsewhere on another machine.
        string moved = _folder.File("moved.swan");
        File.Move(_model, moved);
        await EndsWithAsync(1, "tiny.swan", "job", "run", _out);
        await EndsWithAsync(0, "5 embedded", "job", "run", _out, "--model", moved);
    }

    private string[] Plan => ["job", "plan", "--model", _model, "--images", _images, "--out", _out, "--shards", "3"];

    private static Task EndsWithAsync(int expected, string text, params string[] arguments) =>
        EndsWithAsync(expected, text, new Dictionary<string, string>(), arguments);

    private static async Task EndsWithAsync(
        int expected, string text, Dictionary<string, string> environment, params string[] arguments)
    {
        (int code, string output, string errors) = await SwanProcess.Run(environment, arguments);
        Assert.True(expected == code && (output + errors).Contains(text, StringComparison.Ordinal),
            $"swan {string.Join(' ', arguments)}: exit code {code}, expected {expected} and '{text}'\n{output}\n{errors}");
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
