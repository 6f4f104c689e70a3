using Swan.Batch.Indexes;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.Batch.Tests.Indexes;

/// <summary>A living index that follows a batch job.</summary>
public sealed class SwanIndexJobsTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly MadeSource _source = new();

    public void Dispose()
    {
        _folder.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task An_index_follows_a_job_from_night_to_night()
    {
        for (int i = 0; i < 5; i++) _source.Put($"{(char)('a' + i)}", MadePictures.Of(i));
        _source.Put("bad", "no image");
        await NightAsync();
        using var job = new FolderStore(_folder.Out);
        Assert.True(await SwanIndexJobs.IsJobAsync(job, Token));
        using SwanLiveIndex index = SwanLiveIndex.Create(
            _folder.File("index"), await SwanIndexJobs.ReadSettingsAsync(job, Token));
        Assert.Equal((new SwanIndexChanges(5, 0, 0, 0), 0), await UpdateAsync(index, job));
        await EqualsAsync(index);
        Assert.Equal((new SwanIndexChanges(0, 0, 5, 0), 0), await UpdateAsync(index, job));

        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("somebody else's", [1, .. new float[index.EmbeddingSize - 1]]);
            writer.Commit(Token);
        }
        _source.Put("b", MadePictures.Of(20));
        _source.Remove("c");
        _source.Put("f", MadePictures.Of(21));
        await NightAsync();
        Assert.Equal((new SwanIndexChanges(1, 1, 3, 0), 1), await UpdateAsync(index, job));
        await EqualsAsync(index, "somebody else's");

        // Gone long ago, and compacted since: an index that slept catches up all the same.
        _source.Remove("d");
        await NightAsync();
        _source.Put("g", MadePictures.Of(22));
        await NightAsync();
        await BatchJob.CompactAsync(job, cancellationToken: Token);
        Assert.Equal((new SwanIndexChanges(1, 0, 4, 0), 1), await UpdateAsync(index, job));
        await EqualsAsync(index, "somebody else's");
    }

    [Fact]
    public async Task Rows_of_a_run_that_has_not_ended_do_not_count()
    {
        _source.Put("a", MadePictures.Of(1));
        await _folder.Job(o => o.Source = _source).PlanAsync(cancellationToken: Token);
        using var job = new FolderStore(_folder.Out);
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => SwanIndexJobs.ReadSettingsAsync(job, Token));
        Assert.Contains("No run of", refused.Message, StringComparison.Ordinal);
        using var other = new FolderStore(_folder.Images);
        Assert.False(await SwanIndexJobs.IsJobAsync(other, Token));
    }

    [Fact]
    public async Task Rows_of_another_model_are_refused()
    {
        _source.Put("a", MadePictures.Of(1));
        await NightAsync();
        using var job = new FolderStore(_folder.Out);
        var settings = new SwanIndexSettings(TinyModel.EmbeddingSize) { Model = new ModelIdentity("other", "abc") };
        using SwanLiveIndex index = SwanLiveIndex.Create(_folder.File("index"), settings);
        await Assert.ThrowsAsync<SwanMismatchException>(() => UpdateAsync(index, job));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<(SwanIndexChanges, int)> UpdateAsync(SwanLiveIndex index, ObjectStore job)
    {
        using SwanIndexWriter writer = index.OpenWriter();
        (SwanIndexChanges, int) done = await SwanIndexJobs.UpdateAsync(writer, job, cancellationToken: Token);
        writer.Commit(Token);
        return done;
    }

    private async Task EqualsAsync(SwanLiveIndex index, params string[] others)
    {
        List<JobRow> rows = [.. (await _folder.RowsAsync()).Where(r => r.Fault is null)];
        using SwanIndexSnapshot snapshot = index.Snapshot();
        Dictionary<string, float[]> found = snapshot.Rows().ToDictionary(r => r.Key, r => r.Embedding.ToArray());
        Assert.Equal(rows.Select(r => r.Image).Concat(others).Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(row.Embedding, found[row.Image]));
    }

    private Task<BatchReport> NightAsync() => _folder.RunAsync(o => (o.Source, o.RowsPerShard) = (_source, 2));
}
