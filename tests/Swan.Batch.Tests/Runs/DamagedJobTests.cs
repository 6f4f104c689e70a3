using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Runs;

/// <summary>A job whose files are damaged or deleted says which, and changes nothing.</summary>
public sealed class DamagedJobTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("job.json", false)]
    [InlineData("plans/000001.json", true)]
    [InlineData("plans/000001.json", false)]
    [InlineData("outcomes/000001.json", false)]
    [InlineData("/kept.jsonl.gz", true)]
    [InlineData("/kept.jsonl.gz", false)]
    [InlineData("/gone.jsonl.gz", true)]
    [InlineData("/gone.jsonl.gz", false)]
    [InlineData("/rows/00000-", true)]
    [InlineData("/rows/00000-", false)]
    [InlineData("/records/00000.json", true)]
    [InlineData("/records/00000.json", false)]
    public async Task A_file_of_a_run_that_is_damaged_or_missing_is_named(string name, bool isMissing)
    {
        _folder.Draw(3);
        await _folder.RunAsync();
        string file = Assert.Single(_folder.Files(), file => file.Contains(name, StringComparison.Ordinal));
        if (isMissing) File.Delete(file);
        else File.WriteAllBytes(file, [.. File.ReadAllBytes(file)[..^5], 1, 2, 3, 4, 5]);
        string[] before = _folder.Files();

        _folder.Draw("new.png", 9);
        // A record is only needed by those who look a row's file up, or end the run again.
        Func<Task> use = name.Contains("records", StringComparison.Ordinal) ? _folder.RowsAsync : () => _folder.RunAsync();
        var refused = await Assert.ThrowsAsync<SwanBatchException>(use);
        Assert.False(refused.CanRetry);
        Assert.Contains($"'{Path.GetRelativePath(_folder.Out, file)}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(isMissing ? "is missing" : "is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Files());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Embeddings_that_are_needed_again_and_are_damaged_or_missing_are_named(bool isMissing)
    {
        _folder.Draw(3);
        await _folder.RunAsync();
        string file = Assert.Single(_folder.Parquets);
        if (isMissing) File.Delete(file);
        else File.WriteAllBytes(file, File.ReadAllBytes(file)[..^9]);
        File.Copy(Path.Combine(_folder.Images, "000.png"), Path.Combine(_folder.Images, "copy.png"));
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => _folder.RunAsync());
        Assert.Contains(Path.GetRelativePath(_folder.Out, file), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inputs_that_are_missing_stop_the_shard()
    {
        _folder.Draw(3);
        await _folder.Job().PlanAsync(cancellationToken: TestContext.Current.CancellationToken);
        File.Delete(Assert.Single(_folder.Files(), file => file.Contains("/inputs/", StringComparison.Ordinal)));
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => _folder.RunAsync());
        Assert.Contains("inputs/00000.jsonl.gz' is missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_out_of_order_is_damaged()
    {
        _folder.Draw(3);
        await _folder.RunAsync();
        string file = Assert.Single(_folder.Files(), file => file.Contains("/rows/", StringComparison.Ordinal));
        string[] lines = [.. Plain(file).Reverse()];
        await using (var packed = new System.IO.Compression.GZipStream(File.Create(file), System.IO.Compression.CompressionLevel.Fastest))
            packed.Write(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var refused = await Assert.ThrowsAsync<SwanBatchException>(_folder.RowsAsync);
        Assert.Contains("'001.png' comes after '002.png', but keys must ascend", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_job_has_neither_rows_nor_a_status()
    {
        using var store = new FolderStore(_folder.Images);
        CancellationToken token = TestContext.Current.CancellationToken;
        foreach (Func<Task> use in (Func<Task>[])[
            () => BatchJob.GetStatusAsync(store, token), () => BatchJob.GetOptionsAsync(store, token),
            () => BatchFolder.RowsAsync(_folder.Images)])
        {
            Assert.Contains("There is no job", (await Assert.ThrowsAsync<SwanBatchException>(use)).Message, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Plain(string file)
    {
        using var reader = new StreamReader(
            new System.IO.Compression.GZipStream(File.OpenRead(file), System.IO.Compression.CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
