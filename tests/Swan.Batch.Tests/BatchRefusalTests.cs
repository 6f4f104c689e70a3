
namespace Swan.Batch.Tests;

public sealed class BatchRefusalTests(FinishedJob finished) : IClassFixture<FinishedJob>
{
    [Theory]
    [InlineData("model", "the model: was 'tiny'")]
    [InlineData("list", "the list: was 6 rows with SHA-256")]
    [InlineData("root", "the folder of relative paths: was")]
    [InlineData("folder", "the images: was a list, now a folder")]
    [InlineData("--chunk 3", "the rows per chunk: was 2, now 3")]
    [InlineData("--shard 0/2", "the number of shards: was 1, now 2")]
    [InlineData("--rotations 2", "the rotations: was 1, now 2")]
    [InlineData("--range full", "the range of samples: was none, now range 'full'")]
    [InlineData("--bands 4,3,2", "the bands: was none, now bands 4,3,2")]
    [InlineData("--nodata -9999.5", "the sample without data: was none, now no data -9999.5")]
    [InlineData("--min-valid 0.5", "the least share of samples with data: was none, now valid 0.5")]
    public void Another_jobs_chunks_are_left_alone(string change, string difference)
    {
        BatchFolder folder = finished.Folder;
        string[] arguments = finished.Arguments();
        switch (change)
        {
            case "model": arguments[1] = OtherModel(); break;
            case "list": arguments[3] = folder.List(File.ReadAllLines(arguments[3]).Reverse(), "other.txt"); break;
            case "root": arguments[5] = Directory.CreateDirectory(folder.File("elsewhere")).FullName; break;
            case "folder": arguments = ["--model", folder.Model, "--images", folder.Images, "--out", folder.Out, "--chunk", "2"]; break;
            case "--chunk 3": arguments[^1] = "3"; break;
            default: arguments = [.. arguments, .. change.Split(' ')]; break;
        }

        Dictionary<string, string> before = Content(folder.Out);
        BatchProcess.Outcome outcome = BatchProcess.Run(arguments);
        outcome.MustBe(2);
        Assert.Contains("belong to another job", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(difference, outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(before, Content(folder.Out));
    }

    [Fact]
    public void Chunks_without_a_manifest_or_under_anothers_are_refused()
    {
        using var other = new BatchFolder();
        string list = other.List(other.Draw(6));
        Directory.CreateDirectory(Path.Combine(other.Out, "embeddings"));
        foreach (string chunk in finished.Folder.Chunks) File.Copy(chunk, Path.Combine(other.Out, "embeddings", Path.GetFileName(chunk)));
        BatchProcess.Outcome outcome = BatchProcess.Run(other.Job(list, 2));
        outcome.MustBe(2);
        Assert.Contains("no manifest.json", outcome.Errors, StringComparison.Ordinal);

        Directory.Delete(other.Out, recursive: true);
        BatchProcess.Run(other.Job(list, 2)).MustBe(0);
        File.Copy(finished.Folder.Chunks[1], other.Chunks[1], overwrite: true);
        outcome = BatchProcess.Run(other.Job(list, 2));
        outcome.MustBe(2);
        Assert.Contains("belongs to another job", outcome.Errors, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(other.Out, "manifest.json"), "{");
        outcome = BatchProcess.Run(other.Job(list, 2));
        outcome.MustBe(2);
        Assert.Contains("manifest.json' can't be read", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "--out")]
    [InlineData("--model {model} --out {out}", "either --images or --list")]
    [InlineData("--model {model} --out {out} --list {list} --images {images}", "either --images or --list")]
    [InlineData("--model {model} --out {out} --list {list} --chunk 0", "--chunk is 0; expected 1 to 100000")]
    [InlineData("--model {model} --out {out} --list {list} --max-bad 2", "--max-bad is 2; expected 0 to 1")]
    [InlineData("--model {model} --out {out} --list {list} --shard 2/2", "numbered 0 to 1")]
    [InlineData("--model {model} --out {out} --list {list} --shards 2", "JOB_COMPLETION_INDEX")]
    [InlineData("--model {model} --out {out} --list {list} --shard 0/2 --shards 2", "Both --shard and --shards")]
    [InlineData("--model {model} --out {out} --list {list} --device tpu", "tpu")]
    [InlineData("--model {model} --out {out} --list {list} --range 0,3000", "--range is '0,3000'; expected 'full'")]
    [InlineData("--model {model} --out {out} --list {list} --bands 4,3", "--bands is '4,3'; expected three numbers")]
    [InlineData("--model {model} --out {out} --list {list} --nodata 0,5", "--nodata is '0,5'; expected a number")]
    [InlineData("--model {model} --out {out} --list {list} --min-valid 2", "--min-valid is '2'; expected 0 to 1")]
    [InlineData("--model {model} --out {out} --list {list} --nonsense", "--nonsense")]
    [InlineData("--model nowhere.swan --out {out} --list {list}", "nowhere.swan")]
    [InlineData("--model {list} --out {out} --list {list}", "list.txt")] // no model
    [InlineData("--model {model} --out {out} --list nowhere.txt", "nowhere.txt")]
    [InlineData("--model {model} --out {out} --images nowhere", "nowhere")]
    [InlineData("--model {model} --out {out} --images {empty}", "There is no image")]
    [InlineData("--model {model} --out {list} --list {list}", "list.txt")] // a file where the folder should be
    public void What_can_not_be_used_ends_with_2_and_no_stack_trace(string line, string message)
    {
        BatchFolder folder = finished.Folder;
        Directory.CreateDirectory(folder.File("empty"));
        BatchProcess.Outcome outcome = BatchProcess.Run(
        [
            .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word
                .Replace("{model}", folder.Model, StringComparison.Ordinal)
                .Replace("{list}", folder.File("list.txt"), StringComparison.Ordinal)
                .Replace("{images}", folder.Images, StringComparison.Ordinal)
                .Replace("{empty}", folder.File("empty"), StringComparison.Ordinal)
                .Replace("{out}", folder.File("unused"), StringComparison.Ordinal)),
        ]);
        outcome.MustBe(2);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_users_own_list_in_the_output_folder_is_left_alone()
    {
        using var folder = new BatchFolder();
        Directory.CreateDirectory(folder.Out);
        string list = Path.Combine(folder.Out, "images-train.txt"), other = Path.Combine(folder.Out, "images-0123456789abcdef.txt");
        File.WriteAllLines(list, folder.Draw(2));
        File.WriteAllText(other, "mine");
        BatchProcess.Run(folder.Job(list, 2)).MustBe(0);
        Assert.True(File.Exists(list) && File.Exists(other));

        string listed = folder.File("listed");
        Directory.CreateDirectory(listed);
        File.Copy(list, Path.Combine(listed, "images-train.txt"));
        BatchProcess.Run("--model", folder.Model, "--images", folder.Images, "--out", listed, "--chunk", "2").MustBe(0);
        Assert.True(File.Exists(Path.Combine(listed, "images-train.txt")));
    }

    [Fact]
    public void Help_tells_the_exit_codes()
    {
        BatchProcess.Outcome help = BatchProcess.Run("--help");
        help.MustBe(0);
        Assert.All(["Exit codes:", "75  stopped by SIGTERM", "--shard <i/n>", "JOB_COMPLETION_INDEX"],
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

    // The lock is there as long as the folder, and is empty.
    private static Dictionary<string, string> Content(string folder) =>
        Directory.GetFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .ToDictionary(f => f, f => Convert.ToHexString(File.ReadAllBytes(f)));
}
