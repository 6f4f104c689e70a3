using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Batch.Tests;

namespace Swan.Cli.Tests.Slurm;

/// <summary>A job on a real Slurm whose tasks are killed, nights on end: build/kill-slurm runs it.</summary>
public sealed class SlurmKillTests : IDisposable
{
    private const int Shards = 40, LeastNights = 3;

    private readonly BatchFolder _folder = new();
    private readonly Random _random = new(Number("SWAN_SEED", otherwise: 1));
    private readonly string _script, _output, _whole;
    private int _requeues, _cancels, _arrays, _orphans;

    public SlurmKillTests()
    {
        (_script, _output, _whole) = (_folder.File("embed.sh"), _folder.Out, _folder.File("whole"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public async Task A_job_whose_tasks_are_killed_has_the_rows_of_an_undisturbed_one_every_night()
    {
        using SlurmCluster slurm = await SlurmCluster.StartAsync();
        string killing = Directory.CreateDirectory(_folder.File("killing")).FullName;
        var swan = new KillingSwan(slurm, killing, _folder.Images, _output);
        int kills = Number("SWAN_KILLS", otherwise: 20);
        int night = 0;
        for (; night < LeastNights || swan.Kills < kills; night++)
        {
            Change(night);
            var time = Stopwatch.StartNew();
            int before = swan.Kills;
            string[] rowsBefore = night == 0 ? [] : await Rows(_output);
            await MustBe(0, ["job", "plan", .. Job(_output), "--shards", $"{Shards}", "--slurm", _script]);
            // Not all that are ordered happen: who ends a run is chance.
            int share = Math.Max(8, (kills - before) / Math.Max(1, LeastNights - night) + 3);
            swan.Order([.. Points(share, night)]);
            await Night(slurm, swan, killing, rowsBefore);

            await MustBe(0, ["embed", .. Job(_whole)]);
            string[] expected = await Rows(_whole), found = await Rows(_output);
            Assert.Equal(expected, found);
            Say($"night {night + 1}: {found.Length} rows, the same to the bit; {swan.Kills - before} kills, "
                + $"{time.Elapsed.TotalSeconds:F0} s");
        }
        // One run over what is there now.
        string fresh = _folder.File("fresh");
        await MustBe(0, ["embed", .. Job(fresh)]);
        Assert.Equal(await Rows(fresh), await Rows(_output));
        foreach ((string name, string meaning) in KillingSwan.Points)
            Say($"{swan.Log.Count(line => line == $"{name} 137"),4} kills: {meaning}");
        Say($"{swan.Kills} kills, {_requeues} tasks queued again by hand, {_cancels} arrays canceled and submitted again, {_arrays} arrays "
            + $"over shards that others were at, {_orphans} daemons killed whose task lived on and ended with 0");
        // What was killed in between has left its files, and they don't count.
        string[] counted = [.. _folder.Records.Where(file => file.EndsWith(".json", StringComparison.Ordinal))
            .Select(File.ReadAllText).Select(record => (string)JsonNode.Parse(record)!["attempt"]!)];
        int stray = _folder.Parquets.Count(file => !counted.Any(attempt => file.EndsWith($"-{attempt}.parquet", StringComparison.Ordinal)));
        Say($"{stray} Parquet files of {_folder.Parquets.Length} are of attempts that don't count");
        Assert.InRange(stray, swan.Log.Count(line => line == "parquet 137"), _folder.Parquets.Length - 1);
        Assert.All(KillingSwan.Points, point => Assert.Contains($"{point.Name} 137", swan.Log));
        Assert.Equal(night, _orphans);
    }

    // From the first submission to the run's end.
    private async Task Night(SlurmCluster slurm, KillingSwan swan, string killing, string[] rowsBefore)
    {
        string orphan = Path.Combine(killing, "orphan");
        slurm.Submit(_script, "--output=/dev/null");
        bool canceled = false, second = false, looked = false;
        int turn = 0;
        do
        {
            await Task.Delay(1_000, TestContext.Current.CancellationToken);
            string[] tasks = slurm.Tasks(), running = [.. tasks.Where(task => task.EndsWith(" RUNNING", StringComparison.Ordinal))];
            if (File.Exists(orphan)) await Orphan(slurm, swan, orphan);
            else if (tasks.Length == 0)
            {
                // Killed tasks are not queued again: what they had is submitted.
                slurm.Finish("sh", _script, "--output=/dev/null");
            }
            else if (turn++ % 6 == 5 && running.Length > 0)
            {
                // It may have ended by now.
                if (slurm.Finish("scontrol", "requeue", running[_random.Next(running.Length)].Split(' ')[0]).Code == 0) _requeues++;
            }
            else if (!second && turn > 12)
            {
                second = true;
                slurm.Finish("sh", _script, "--output=/dev/null");
                _arrays++;
            }
            else if (!canceled && turn > 20)
            {
                canceled = true;
                slurm.Run("scancel", "--user=root");
                await slurm.Ended();
                slurm.Finish("sh", _script, "--output=/dev/null");
                _cancels++;
            }
            if (!looked && turn == 4)
            {
                looked = true;
                if ((await SwanProcess.Run("job", "status", _output)).ExitCode == 75) Assert.Equal(rowsBefore, await Rows(_output));
            }
        }
        while (slurm.Tasks().Length > 0 || (await SwanProcess.Run("job", "status", _output)).ExitCode != 0);
    }

    // Slurm takes the node for lost, and starts the task on the other one; here both run to their ends.
    private async Task Orphan(SlurmCluster slurm, KillingSwan swan, string orphan)
    {
        string name = "";
        await slurm.Until(() => (name = File.ReadAllText(orphan).Trim()).Length > 0, "the node's name");
        int node = name[^1] - '0', before = Ended("orphan ");
        int whole = Ended("orphan 0");
        slurm.KillNode(node);
        await slurm.Until(() => Ended("orphan ") > before, "the end of a task whose daemon was killed");
        slurm.StartNode(node);
        await slurm.Ready();
        File.Delete(orphan);
        _orphans += Ended("orphan 0") - whole;

        int Ended(string how) => swan.Log.Count(line => line.StartsWith(how, StringComparison.Ordinal));
    }

    private IEnumerable<string> Points(int count, int night)
    {
        string[] named = [.. KillingSwan.Points.Select(point => point.Name).Where(name => name is not ("outcome" or "ended"))];
        string[] points = [.. Enumerable.Range(0, count - 2).Select(i => named[i % named.Length])];
        _random.Shuffle(points);
        // These wait for the run's end: one for each node, as nobody knows where it comes.
        string last = night % 2 == 0 ? "outcome" : "ended";
        return [.. points.Take(5), "orphan", .. points.Skip(5), last, last];
    }

    // The first night draws all; later ones draw some again, add some, and delete some.
    private void Change(int night)
    {
        for (int i = 0; i < 200; i++)
        {
            string path = Path.Combine(_folder.Images, $"{i:D3}.png");
            if (night > 0 && i % 11 == night) File.Delete(path);
            else if (night == 0 ? i < 160 : i % 4 == night % 4 || (i >= 160 && i % 4 == 3)) _folder.Draw($"{i:D3}.png", 1_000 * night + i);
        }
        File.WriteAllText(Path.Combine(_folder.Images, $"bad-{night}.png"), "no image");
    }

    private string[] Job(string output) =>
        ["--model", _folder.Model, "--images", _folder.Images, "--out", output, "--max-bad", "1", "--threads", "1"];

    private static async Task<string[]> Rows(string output) => [.. (await BatchFolder.RowsAsync(output)).Select(row => row.Text)];

    private static async Task MustBe(int code, params string[] arguments)
    {
        (int found, string output, string errors) = await SwanProcess.Run(arguments);
        Assert.True(code == found, $"{string.Join(' ', arguments)}: {found}\n{output}\n{errors}");
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
