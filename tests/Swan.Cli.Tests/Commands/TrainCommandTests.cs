using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Swan.Testing;
using Swan.Training;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan train</c> in a process of its own.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data, _config;

    public TrainCommandTests()
    {
        _data = TinyData.Write(_folder.File("data"));
        _config = _folder.File("tiny.json");
        File.WriteAllText(_config, TinyRun.Options.ToJson());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_ends_with_0_shows_how_it_went_and_writes_all_files()
    {
        string run = _folder.File("run");
        (int code, string output, string errors) = await SwanProcess.Run(
            "train", "--data", _data, "--out", run, "--config", _config, "--epochs", "2", "--loss", "info_nce");

        Assert.True(code == 0, errors);
        Assert.Equal("", errors);
        Assert.Contains("Training on cpu, as requested.", output, StringComparison.Ordinal);
        Assert.Contains("12 training and 6 validation images", output, StringComparison.Ordinal);
        Assert.Matches(@"epoch 1/2  step 1/3  loss \S+  \S+ images/s  \S+ elapsed, \S+ left", output);
        Assert.Matches(@"(?m)^ +1 +\S+ +\S+ +(\S+/\S+/\S+ +){2}\S+\*", output);
        Assert.Contains("All epochs are done.", output, StringComparison.Ordinal);
        Assert.Matches(@"Best: epoch [12], mR \d+\.\d\d on 6 validation images", output);
        Assert.Contains($"Next: swan export --run {run} --out model.swan", output, StringComparison.Ordinal);
        Assert.Equal(["best.safetensors", "config.json", "curves.png", "data.json", "last", "learned.bin", "metrics.jsonl",
            "validation.bin", "versions.json", "vocabulary.json"],
            Directory.EnumerateFileSystemEntries(run).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        SwanTrainerOptions used = SwanRun.Open(run).Options;
        Assert.Equal((2, LossKind.InfoNce, 16),
            (used.Epochs, used.Loss, used.Network.EmbeddingSize)); // flags over the file over the defaults

        (code, _, errors) = await SwanProcess.Run("train", "--data", _data, "--out", run, "--config", _config);
        Assert.Equal(1, code);
        Assert.Contains("already holds a training run", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_configuration_a_run_says_what_it_chose_and_how_long_it_takes()
    {
        string run = _folder.File("run");
        (int code, string output, string errors) = await SwanProcess.Run("train", "--data", _data, "--out", run, "--epochs", "6",
            "--image-size", "64", "--embedding-size", "32", "--device", "cpu");

        Assert.True(code == 0, errors);
        Assert.StartsWith("Without --config, options are chosen for 12 images with 36 captions:\n  image tower: small_convnet at 64 pixels",
            output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("--config paper", output, StringComparison.Ordinal);
        Assert.Matches(@"About [\d:]+ left for \d epochs? of 1 step", output);
        SwanTrainerOptions used = SwanRun.Open(run).Options;
        Assert.Equal((6, 64, "small_convnet", false), (used.Epochs, used.Network.ImageSize, used.Network.Backbone, used.FreezeBackbone));
    }

    [Fact]
    public async Task The_papers_options_need_weights_and_are_a_word()
    {
        (int code, string output, string errors) = await SwanProcess.Run(
            "train", "--data", _data, "--out", _folder.File("run"), "--config", "paper");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("FreezeBackbone is set: the weights of resnet50 would not learn", errors, StringComparison.Ordinal);
        Assert.Contains("--fine-tune", errors, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.File("run")));
    }

    [Fact]
    public async Task Images_of_a_split_that_nothing_reads_are_counted()
    {
        string folder = Directory.CreateDirectory(_folder.File("karpathy")).FullName;
        Directory.Move(Path.Combine(_data, "images"), Path.Combine(folder, "images"));
        string[] names = [.. Directory.EnumerateFiles(Path.Combine(folder, "images")).Select(Path.GetFileName).OfType<string>().Order()];
        File.WriteAllText(Path.Combine(folder, "dataset.json"), new JsonObject
        {
            ["images"] = new JsonArray([.. names.Select((name, i) => new JsonObject
            {
                ["filename"] = name, ["split"] = i < 8 ? "train" : i < 12 ? "val" : "restval",
                ["sentences"] = new JsonArray(new JsonObject { ["raw"] = $"a picture {i}" }),
            })]),
        }.ToJsonString());
        (int code, _, string errors) = await SwanProcess.Run(
            "train", "--data", folder, "--out", _folder.File("run"), "--config", _config, "--epochs", "1");
        Assert.True(code == 0, errors);
        Assert.Contains($"swan: {names.Length - 12} images of the split 'restval' are not used.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_terminal_ends_a_run_cleanly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs SIGHUP");
        string run = _folder.File("run");
        using SwanProcess swan = SwanProcess.Start("train", "--data", _data, "--out", run, "--config", _config, "--epochs", "200");
        await swan.Line(l => l.StartsWith("     1 ", StringComparison.Ordinal));
        swan.Signal("HUP");
        Assert.Equal(130, await swan.Ended());
        Assert.Contains("Stopped. Resume with: swan train", swan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_under_the_log_does_not_end_a_run()
    {
        Assert.SkipWhen(!File.Exists("/dev/full"), "needs /dev/full");
        string swan = Path.Combine(AppContext.BaseDirectory, "swan.dll"), run = _folder.File("run");
        LoadOnlyProcess.Start(new Dictionary<string, string>(), "bash", "-c",
            $"dotnet '{swan}' train --data '{_data}' --out '{run}' --config '{_config}' --epochs 1 > /dev/full 2>&1");
        Assert.Single(SwanRun.Open(run).ReadMetrics());
    }

    [Fact]
    public async Task Missing_images_are_left_out_and_counted_if_so_asked()
    {
        File.Delete(Directory.EnumerateFiles(Path.Combine(_data, "images")).Order(StringComparer.Ordinal).First());
        string[] train = ["train", "--data", _data, "--out", _folder.File("run"), "--config", _config, "--epochs", "1"];
        (int code, string output, string errors) = await SwanProcess.Run(train);
        Assert.Equal(1, code);
        Assert.Contains("1 problem:", errors, StringComparison.Ordinal);

        (code, output, errors) = await SwanProcess.Run([.. train, "--skip-missing"]);

        Assert.True(code == 0, errors);
        Assert.Matches(@"\Aswan: 1 image of (train|val)\.jsonl is not there and left out\. \d+ images remain\.\n\z", errors);
        Assert.Contains("All epochs are done.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_cleanly_with_130_and_the_run_goes_on_as_if_nothing_had_been()
    {
        string run = _folder.File("run");
        using (SwanProcess swan = SwanProcess.Start("train", "--data", _data, "--out", run, "--config", _config, "--epochs", "200"))
        {
            await swan.Line(l => l.StartsWith("     1 ", StringComparison.Ordinal)); // the first epoch's row
            swan.Interrupt();
            Assert.Equal(130, await swan.Ended());
            Assert.Contains($"Stopped. Resume with: swan train --data {_data} --out {run} --resume", swan.Output, StringComparison.Ordinal);
            Assert.Matches(@"Best: epoch \d+, mR", swan.Output);
            Assert.Equal("", swan.Errors);
        }

        await AssertGoesOn(run);
    }

    [Fact]
    public async Task A_run_killed_again_and_again_goes_on_as_if_nothing_had_been()
    {
        string run = _folder.File("run");
        File.WriteAllText(_config, (TinyRun.Options with { Epochs = 200, CheckpointMinutes = 1e-9 })
            .ToJson()); // a checkpoint at every step, so that many a kill hits one
        for (int kill = 0; kill < 5; kill++)
        {
            using SwanProcess swan = SwanProcess.Start(
                ["train", "--data", _data, "--out", run, .. kill == 0 ? (string[])["--config", _config] : ["--resume"]]);
            await swan.Line(l => l.StartsWith("epoch ", StringComparison.Ordinal));
            await Task.Delay(kill * 83, TestContext.Current.CancellationToken);
            // On a busy machine all five could end before the first checkpoint, and nothing would be left to go on with.
            if (kill == 4) await swan.Until(() => Checkpoint(run) is not null, "a checkpoint");
            await swan.Kill();
        }

        await AssertGoesOn(run);
    }

    [Fact]
    public async Task With_json_the_result_alone_is_on_standard_output()
    {
        string run = _folder.File("run");
        (int code, string output, string errors) = await SwanProcess.Run(
            "train", "--data", _data, "--out", run, "--config", _config, "--epochs", "1", "--json");
        Assert.True(code == 0, errors);
        JsonNode result = JsonNode.Parse(output)!;
        Assert.Equal((run, "completed", 1),
            (result["run"]!.GetValue<string>(), result["end"]!.GetValue<string>(), result["bestEpoch"]!.GetValue<int>()));
        Assert.InRange(result["meanRecall"]!.GetValue<double>(), 0, 100);
        Assert.Contains("All epochs are done.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output + errors, StringComparison.Ordinal); // not a terminal
        Assert.Contains(errors.Split('\n'), line => line.Length > 100); // nor broken at 80 columns
    }

    [Theory]
    [InlineData("1", false)]
    [InlineData("", true)] // not set
    public void A_terminal_gets_colors_unless_NO_COLOR_is_set(string noColor, bool colors)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no 'script' here, which makes a terminal.");
        string swan = $"dotnet {Path.Combine(AppContext.BaseDirectory, "swan.dll")} train --data {_data} --out {_folder.File("run")} "
            + $"--config {_config} --epochs 1";
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", swan, "/dev/null"]) { RedirectStandardInput = true };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["NO_COLOR"] = noColor;
        if (noColor.Length == 0) start.Environment.Remove("NO_COLOR");
        string output = ChildProcess.Finish(start, TestContext.Current.CancellationToken).Output;
        Assert.Contains("All epochs are done.", output, StringComparison.Ordinal);
        Assert.Equal(colors, Regex.IsMatch(output, "\u001b\\[[0-9;]*[34][0-9]"));
    }

    [Theory]
    [InlineData(2, "Option '--data' is required", "--out", "x")]
    [InlineData(2, "Must be one of", "--data", "d", "--out", "x", "--loss", "hinge")]
    [InlineData(2, "--epochs is 'many'; expected a number", "--data", "d", "--out", "x", "--epochs", "many")]
    [InlineData(2, "There is no option '--epoch'", "--data", "d", "--out", "x", "--epoch", "3")]
    [InlineData(2, "Epochs is 0", "--data", "d", "--out", "x", "--epochs", "0", "--image-size", "100")]
    [InlineData(2, "ImageSize is 100, but must be a multiple of 32", "--data", "d", "--out", "x", "--epochs", "0", "--image-size", "100")]
    [InlineData(1, "there is no such folder", "--data", "/nowhere/d", "--out", "x", "--backbone", "resnet18")]
    [InlineData(1, "holds no training run", "--data", "d", "--out", "/nowhere/x", "--resume")]
    [InlineData(2, "is not a rule to divide images", "--data", "d", "--out", "x", "--validate-by", "picture")]
    [InlineData(2, "BackboneWeights: there is no file '/nowhere/w'", "--data", "d", "--out", "x", "--backbone-weights", "/nowhere/w")]
    [InlineData(2, "is not a device", "--data", "d", "--out", "x", "--device", "gpu")]
    [InlineData(2, "isn't a JSON object of training options", "--data", "d", "--out", "x", "--config", "swan.dll")]
    public async Task A_wrong_argument_gets_a_reason_on_standard_error(int expected, string reason, params string[] arguments)
    {
        string[] found = [.. arguments.Select(a => a == "swan.dll" ? Path.Combine(AppContext.BaseDirectory, a) : a)];
        (int code, string output, string errors) = await SwanProcess.Run(["train", .. found]);
        Assert.Equal(expected, code);
        Assert.Equal("", output);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal); // no stack trace
        Assert.DoesNotContain("(Parameter", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_another_process_trains_can_be_tried_again()
    {
        string run = _folder.File("run");
        using SwanProcess swan = SwanProcess.Start("train", "--data", _data, "--out", run, "--config", _config, "--epochs", "200");
        await swan.Until(() => File.Exists(Path.Combine(run, SwanRun.ConfigFile)), "a configuration");
        (int code, _, string errors) = await SwanProcess.Run("train", "--data", _data, "--out", run, "--resume");
        Assert.Equal(75, code);
        Assert.Contains("another process trains there", errors, StringComparison.Ordinal);
    }

    /// <summary>Resumes the run in a process for an epoch more than it has, and compares with a run that nobody stopped.</summary>
    private async Task AssertGoesOn(string run)
    {
        int epochs = Checkpoint(run) is { } position ? JsonNode.Parse(File.ReadAllText(position))!["Epoch"]!.GetValue<int>() + 1 : 2;
        (int code, string output, string errors) = await SwanProcess.Run(
            "train", "--data", _data, "--out", run, "--resume", "--epochs", $"{epochs}");
        Assert.True(code == 0, errors);
        Assert.Contains("Resuming in epoch", output, StringComparison.Ordinal);

        string whole = _folder.File("whole");
        TinyRun.Train(TinyRun.Options with { Epochs = epochs }, TinyData.Open(_folder.File("data")), whole);
        TinyRun.AssertEqual(whole, run);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(run), f => f.EndsWith(".tmp", StringComparison.Ordinal)
            || f.EndsWith(".lock", StringComparison.Ordinal));
    }

    // A kill between two renames leaves the one before under another name.
    private static string? Checkpoint(string run) =>
        new[] { "last", "last.old" }.Select(folder => Path.Combine(run, folder, "position.json")).FirstOrDefault(File.Exists);
}
