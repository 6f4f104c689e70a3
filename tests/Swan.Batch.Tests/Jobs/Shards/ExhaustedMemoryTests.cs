using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Jobs;

/// <summary>Images for which there is no memory.</summary>
public sealed class ExhaustedMemoryTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly MadeSource _source = new();

    public ExhaustedMemoryTests()
    {
        for (int i = 0; i < 9; i++) _source.Put($"{i}", MadePictures.Of(i));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task What_there_is_memory_for_alone_is_embedded_in_the_same_attempt_after_all_others()
    {
        await RunAsync(o => o.Output = _folder.File("undisturbed"));
        _source.Opened.Clear();
        FailsAt(["0", "3", "4", "8"], times: 1);
        Assert.Empty((await RunAsync()).BadRows);
        Assert.Equal(["0", "3", "4", "8"], _source.Opened.Skip(9));
        string[] expected = [.. (await BatchFolder.RowsAsync(_folder.File("undisturbed"))).Select(row => row.Text)];
        Assert.Equal(expected, (await _folder.RowsAsync()).Select(row => row.Text));
        Assert.Equal(1, (await RunAsync()).Run);
        using var store = new FolderStore(_folder.Out);
        await BatchJob.CompactAsync(store, cancellationToken: Token);
        Assert.Equal(expected, (await _folder.RowsAsync()).Select(row => row.Text));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task However_many_images_there_is_no_memory_for_two_attempts_do_and_the_others_are_done(int shards)
    {
        string[] large = ["1", "2", "3", "5", "8"];
        FailsAt(large);
        for (int shard = 0; shard < shards; shard++)
        {
            var failed = await Assert.ThrowsAnyAsync<OutOfMemoryException>(() => RunAsync(o => o.Shards = shards));
            Assert.Equal(BatchExitCode.TryAgain, BatchExitCode.For(failed));
            Assert.Contains($"'{large.First(image => image[0] - '0' >= 9 / shards * shard)}'", failed.Message, StringComparison.Ordinal);
        }
        _source.Opened.Clear();
        BatchReport report = await RunAsync(o => o.Shards = shards);
        Assert.Equal(("TooLarge", 5), Assert.Single(report.BadRows) is var (reason, count) ? (reason, (int)count) : default);
        Assert.Equal(large, _folder.BadRows().Select(bad => bad.Image).Order(StringComparer.Ordinal));
        Assert.All(
            _folder.BadRows(), bad => Assert.Contains("in two attempts, though it was read alone", bad.Message, StringComparison.Ordinal));
        Assert.Equal([null, "TooLarge", "TooLarge", "TooLarge", null, "TooLarge", null, null, "TooLarge"],
            (await _folder.RowsAsync()).Select(row => row.Fault));
        // Nobody tries beside others what had no room alone.
        if (shards == 1) Assert.Equal(["0", "4", "6", "7", .. large], Sorted(_source.Opened, 4));
    }

    [Fact]
    public async Task Memory_that_runs_out_once_makes_no_bad_row()
    {
        FailsAt(["4"]);
        var failed = await Assert.ThrowsAnyAsync<OutOfMemoryException>(() => RunAsync());
        Assert.Contains("Memory ran out at '4', alone", failed.Message, StringComparison.Ordinal);
        _source.Opening = _ => { };
        Assert.Empty((await RunAsync()).BadRows);
    }

    [Fact]
    public async Task Images_of_one_content_share_its_fate()
    {
        _source.Put("4b", MadePictures.Of(4));
        FailsAt(["4", "4b"], times: 1);
        BatchReport report = await RunAsync();
        Assert.Equal((10, 0, 1), (report.Rows, report.BadRows.Count, report.RowsReused));
        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal(rows[4].Embedding, rows[5].Embedding);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // What is read together comes in any order.
    private static IEnumerable<string> Sorted(IEnumerable<string> opened, int first) =>
        [.. opened.Take(first).Order(StringComparer.Ordinal), .. opened.Skip(first)];

    private void FailsAt(string[] images, int times = int.MaxValue)
    {
        var failed = images.ToDictionary(image => image, _ => 0, StringComparer.Ordinal);
        _source.Opening = image =>
        {
            lock (failed)
            {
                if (failed.TryGetValue(image, out int before) && (failed[image] = before + 1) <= times) throw new OutOfMemoryException();
            }
        };
    }

    private Task<BatchReport> RunAsync(Action<BatchJobOptions>? set = null) => _folder.Job(o =>
    {
        (o.Source, o.Shards) = (_source, 1);
        set?.Invoke(o);
    }).RunAsync(cancellationToken: Token);
}
