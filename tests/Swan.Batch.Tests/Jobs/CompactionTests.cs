using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Jobs;

/// <summary>The rows that count in new files, and nothing else.</summary>
public sealed class CompactionTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly MadeSource _source = new();

    public void Dispose()
    {
        _folder.Dispose();
        _source.Dispose();
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(100, false)]
    [InlineData(100, true)]
    public async Task The_same_rows_count_before_and_after_and_files_hold_no_others(int rowsPerFile, bool keep)
    {
        await NightsAsync();
        List<JobRow> before = await _folder.RowsAsync();
        string[] files = _folder.Parquets;

        Assert.Equal(before.Count(r => r.Fault is null), await CompactAsync(keep, rowsPerFile));

        List<JobRow> after = await _folder.RowsAsync();
        Assert.Equal(before.Select(r => r.Text), after.Select(r => r.Text));
        string[] made = [.. _folder.Parquets.Except(files)];
        Assert.Equal(rowsPerFile == 2 ? (after.Count(r => r.Fault is null) + 1) / 2 : 1, made.Length);
        Assert.Equal(keep ? files : [], _folder.Parquets.Except(made));
        var held = new List<JobRow>();
        foreach (string file in made) held.AddRange(await BatchFolder.ReadAsync(file));
        Assert.Equal(
            after.Where(r => r.Fault is null).Select(r => r.Text).Order(StringComparer.Ordinal),
            held.Select(r => r.Text).Order(StringComparer.Ordinal));
        Assert.Empty(_folder.Temporaries);
        // Nothing has changed since.
        Assert.Null(await CompactAsync());
        Assert.Equal(4, (await NightAsync()).Run);
    }

    [Fact]
    public async Task The_next_night_finds_contents_and_states_in_the_new_files()
    {
        await NightsAsync();
        await CompactAsync();
        _source.Put("moved/e", MadePictures.Of(4));
        _source.Remove("e");
        _source.Touch("a");
        _source.Put("new", MadePictures.Of(30));

        BatchReport report = await NightAsync();

        Assert.Equal((5, 3, 2, 1), (report.Run, report.Rows, report.RowsReused, report.RowsGone));
        string fresh = _folder.File("fresh");
        await NightAsync(o => o.Output = fresh);
        Assert.Equal((await BatchFolder.RowsAsync(fresh)).Select(r => r.Text), (await _folder.RowsAsync()).Select(r => r.Text));
    }

    [Fact]
    public async Task A_compaction_that_breaks_off_anywhere_loses_nothing()
    {
        await NightsAsync();
        List<JobRow> before = await _folder.RowsAsync();
        for (int changes = 0, done = 0; done == 0; changes++)
        {
            using var store = new HookedStore(_folder.Out);
            int left = changes;
            store.Before = _ => left-- <= 0 ? throw new IOException("the store is gone") : Task.CompletedTask;
            try
            {
                await BatchJob.CompactAsync(store, rowsPerFile: 3, cancellationToken: Token);
                done = changes;
            }
            catch (IOException)
            {
                Assert.Equal(before.Select(r => r.Text), (await _folder.RowsAsync()).Select(r => r.Text));
            }
        }
        Assert.Equal(before.Select(r => r.Text), (await _folder.RowsAsync()).Select(r => r.Text));
    }

    [Fact]
    public async Task A_run_that_has_not_ended_is_to_end_before()
    {
        await NightsAsync();
        _source.Put("z", MadePictures.Of(31));
        await _folder.Job(o => o.Source = _source).PlanAsync(cancellationToken: Token);
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => CompactAsync());
        Assert.True(refused.CanRetry);
        Assert.Contains("has not ended", refused.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<long?> CompactAsync(bool keep = false, int rowsPerFile = 100)
    {
        using var store = new FolderStore(_folder.Out);
        return await BatchJob.CompactAsync(store, keep, rowsPerFile, cancellationToken: Token);
    }

    // Three nights: rows in files of three runs, some of them out of date, one bad.
    private async Task NightsAsync()
    {
        for (int i = 0; i < 7; i++) _source.Put($"{(char)('a' + i)}", MadePictures.Of(i));
        _source.Put("bad", "no image");
        await NightAsync();
        _source.Put("b", MadePictures.Of(20));
        _source.Remove("c");
        _source.Put("copy of d", MadePictures.Of(3));
        await NightAsync();
        _source.Put("b", MadePictures.Of(21));
        _source.Touch("g");
        await NightAsync();
    }

    private Task<BatchReport> NightAsync(Action<BatchJobOptions>? set = null) => _folder.RunAsync(o =>
    {
        (o.Source, o.RowsPerShard) = (_source, 3);
        set?.Invoke(o);
    });
}
