namespace Swan.Batch.Tests.Jobs;

public sealed class RefusalTests(FinishedJob finished) : IClassFixture<FinishedJob>
{
    [Theory]
    [InlineData("model", "the model: was 'tiny'")]
    [InlineData("root", "the source: was '")]
    [InlineData("folder", "the source: was '")]
    [InlineData("--rotations 2", "the rotations: was 1, now 2")]
    [InlineData("--float16", "the precision of embeddings: was float32, now float16")]
    [InlineData("--range full", "the range of samples: was none, now full")]
    [InlineData("--bands 4,3,2", "the bands: was none, now 4,3,2")]
    [InlineData("--nodata -9999.5", "the sample without data: was none, now -9999.5")]
    [InlineData("--min-valid 0.5", "the least share of samples with data: was none, now 0.5")]
    public void Another_jobs_rows_are_left_alone(string change, string difference)
    {
        BatchFolder folder = finished.Folder;
        string[] arguments = finished.Arguments();
        switch (change)
        {
            case "model": arguments[2] = OtherModel(); break;
            case "root": arguments[6] = Directory.CreateDirectory(folder.File("elsewhere")).FullName; break;
            case "folder": arguments = ["embed", "--model", folder.Model, "--images", folder.Images, "--out", folder.Out]; break;
            default: arguments = [.. arguments, .. change.Split(' ')]; break;
        }
        IsRefused(arguments, "belong to another job", difference);
    }

    [Fact]
    public void All_that_differs_is_named()
    {
        string[] arguments = finished.Arguments("--rotations", "4", "--bands", "1");
        arguments[2] = OtherModel();
        IsRefused(arguments, "the model: was", "the rotations: was 1, now 4", "the bands: was none, now 1");
    }

    [Fact]
    public async Task What_may_differ_from_night_to_night_is_no_other_job()
    {
        string[] arguments = finished.Arguments("--max-bad", "0.5", "--retry-bad", "--verify", "--outside-root", "--shards", "3");
        arguments[4] = finished.Folder.List(File.ReadAllLines(arguments[4]).Reverse(), "other.txt");
        List<JobRow> before = await finished.Folder.RowsAsync();
        BatchProcess.Run(arguments).MustBe(0);
        Assert.Equal(before.Select(r => r.Text), (await finished.Folder.RowsAsync()).Select(r => r.Text));
    }

    [Theory]
    [InlineData("manifest.json", "an earlier version of Swan wrote there")]
    [InlineData("embeddings/shard-00000-of-00001-chunk-000000.parquet", "an earlier version of Swan wrote there")]
    public void A_folder_that_another_program_or_an_earlier_version_wrote_to_is_refused(string file, string message)
    {
        using var other = new BatchFolder();
        string list = other.List(other.Draw(1)), path = Path.Combine(other.Out, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "{}");
        BatchProcess.Outcome outcome = BatchProcess.Run(other.Job(list, 2));
        outcome.MustBe(1);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
        Assert.Equal([path], other.Files());
    }

    [Theory]
    [InlineData("", "--out")]
    [InlineData("--model {model} --out {out}", "Give one of --images, --archives, --list and")]
    [InlineData("--model {model} --out {out} --list {list} --images {images}", "Give one of --images, --archives, --list and")]
    [InlineData("--model {model} --out {out} --list {list} --rows-per-shard 0", "--rows-per-shard is 0; expected 1 to 100000")]
    [InlineData("--model {model} --out {out} --list {list} --max-bad 2", "--max-bad is 2; expected 0 to 1")]
    [InlineData("--model {model} --out {out} --list {list} --shards 0", "--shards is 0; expected 1 to 99999.")]
    [InlineData("--model {model} --out {out} --list {list} --shard 0/2", "--shard")]
    [InlineData("--model {model} --out {out} --list {list} --chunk 5", "--chunk")]
    [InlineData("--model {model} --out {out} --list {list} --endpoint nowhere", "--endpoint is 'nowhere'; expected an address")]
    [InlineData("--model {model} --out {out} --images {images} --root {images}", "--root requires --list")]
    [InlineData("--model {model} --out {out} --list {list} --outside-root", "--outside-root requires --root")]
    [InlineData("--model {model} --out {out} --list {list} --device tpu", "tpu")]
    [InlineData("--model {model} --out {out} --list {list} --range 0,3000", "--range is '0,3000'; expected 'full'")]
    [InlineData("--model {model} --out {out} --list {list} --bands 4,3", "--bands is '4,3'; expected three numbers")]
    [InlineData("--model {model} --out {out} --list {list} --nodata 0,5", "--nodata is '0,5'; expected a number")]
    [InlineData("--model {model} --out {out} --list {list} --min-valid 2", "--min-valid is '2'; expected 0 to 1")]
    [InlineData("--model {model} --out {out} --list {list} --nonsense", "--nonsense")]
    [InlineData("--model nowhere.swan --out {out} --list {list}", "nowhere.swan", 1)]
    [InlineData("--model {list} --out {out} --list {list}", "list.txt", 1)] // no model
    [InlineData("--model {model} --out {out} --list nowhere.txt", "nowhere.txt", 1)]
    [InlineData("--model {model} --out {out} --images nowhere", "nowhere", 1)]
    [InlineData("--model {model} --out {out} --images {empty}", "There is no image", 1)]
    [InlineData("--model {model} --out {list} --list {list}", "list.txt", 1)] // a file where the folder should be
    public void A_wrong_command_line_ends_with_2_and_wrong_files_with_1_and_no_stack_trace(string line, string message, int code = 2)
    {
        BatchFolder folder = finished.Folder;
        Directory.CreateDirectory(folder.File("empty"));
        BatchProcess.Outcome outcome = BatchProcess.Run(
        [
            "embed", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word
                .Replace("{model}", folder.Model, StringComparison.Ordinal)
                .Replace("{list}", folder.File("list.txt"), StringComparison.Ordinal)
                .Replace("{images}", folder.Images, StringComparison.Ordinal)
                .Replace("{empty}", folder.File("empty"), StringComparison.Ordinal)
                .Replace("{out}", folder.File("unused"), StringComparison.Ordinal)),
        ]);
        outcome.MustBe(code);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_is_no_jobs_until_there_is_something_to_embed()
    {
        using var folder = new BatchFolder();
        folder.Draw(1);
        string[] job = ["embed", "--model", folder.Model, "--images", folder.File("mistyped"), "--out", folder.Out];
        BatchProcess.Run(job).MustBe(1);
        Assert.Empty(folder.Files());
        job[4] = folder.Images;
        BatchProcess.Run(job).MustBe(0);
    }

    [Fact]
    public void A_users_own_list_in_the_output_folder_is_left_alone()
    {
        using var folder = new BatchFolder();
        Directory.CreateDirectory(folder.Out);
        string list = Path.Combine(folder.Out, "images-train.txt"), other = Path.Combine(folder.Out, "plans.txt");
        File.WriteAllLines(list, folder.Draw(2));
        File.WriteAllText(other, "mine");
        BatchProcess.Run(folder.Job(list, 2)).MustBe(0);
        Assert.True(File.Exists(list) && File.Exists(other));
    }

    [Fact]
    public void Help_tells_the_exit_codes()
    {
        BatchProcess.Outcome help = BatchProcess.Run("embed", "--help");
        help.MustBe(0);
        Assert.All(["Exit codes:", "75  stopped by SIGTERM", "--supersede", "goes on"],
            text => Assert.Contains(text, help.Output, StringComparison.Ordinal));
    }

    private string OtherModel()
    {
        string path = finished.Folder.File("other.swan");
        if (!File.Exists(path))
        {
            Swan.MLNet.ModelFiles.SwanModelFile.Write(
                path, TinyModel.Card, TinyModel.ImageOnnxOf(16), TinyModel.TextOnnx, TinyModel.Vocabulary);
        }
        return path;
    }

    private void IsRefused(string[] arguments, params string[] messages)
    {
        Dictionary<string, string> before = Content(finished.Folder.Out);
        BatchProcess.Outcome outcome = BatchProcess.Run(arguments);
        outcome.MustBe(1);
        Assert.All(messages, message => Assert.Contains(message, outcome.Errors, StringComparison.Ordinal));
        Assert.Equal(before, Content(finished.Folder.Out));
    }

    private static Dictionary<string, string> Content(string folder) =>
        Directory.GetFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .ToDictionary(f => f, f => Convert.ToHexString(File.ReadAllBytes(f)));
}
