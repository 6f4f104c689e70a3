namespace Swan.Batch.Tests.Jobs;

/// <summary>A process that dies at each of the points at which it changes the output, one after another.</summary>
public sealed class CutOffTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly MadeSource _source = new();

    public void Dispose()
    {
        _folder.Dispose();
        _source.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wherever_a_job_is_cut_off_the_next_one_ends_it_with_the_rows_of_an_undisturbed_one(bool beforeTheChange)
    {
        for (int i = 0; i < 4; i++) _source.Put($"{i}", MadePictures.Of(i));
        _source.Put("bad", "no image");
        await RunAsync(new HookedStore(_folder.File("first")));
        string[] first = await RowsAsync("first");
        Assert.True(await CutEverywhereAsync(beforeTheChange, _ => { }, first) > 15);

        // The night after, on top of a copy of the first one.
        _source.Put("1", MadePictures.Of(20));
        _source.Touch("2");
        _source.Remove("3");
        _source.Put("4", MadePictures.Of(3));
        await RunAsync(new HookedStore(Copy("second")));
        Assert.True(await CutEverywhereAsync(beforeTheChange, name => Copy(name), await RowsAsync("second"), first) > 10);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // How many points there are.
    private async Task<int> CutEverywhereAsync(
        bool beforeTheChange, Action<string> prepare, string[] expected, string[]? before = null)
    {
        for (int point = 0; ; point++)
        {
            string name = $"cut-{(before is null ? 1 : 2)}-{point}";
            prepare(name);
            using var store = new HookedStore(_folder.File(name));
            int changes = 0;
            // Of a dead process nothing comes any more.
            Task Cut(string key) => ++changes > point ? throw new IOException("cut off") : Task.CompletedTask;
            if (beforeTheChange) store.Before = Cut;
            else store.After = Cut;
            bool isCut = false;
            try
            {
                await RunAsync(store);
            }
            catch (Exception e) when (e is IOException or SwanBatchException)
            {
                isCut = true;
            }
            if (File.Exists(_folder.File($"{name}/job.json")))
            {
                string[] rows = await RowsAsync(name);
                Assert.True(rows.Length == 0 && before is null || rows.SequenceEqual(before ?? []) || rows.SequenceEqual(expected),
                    $"after point {point} the rows are neither those before nor those after: {string.Join(" | ", rows)}");
            }
            if (!isCut) return point;
            using var whole = new HookedStore(_folder.File(name));
            await RunAsync(whole);
            Assert.Equal(expected, await RowsAsync(name));
        }
    }

    private async Task RunAsync(HookedStore store) => await _folder.RunAsync(o => (o.Source, o.Store, o.Shards) = (_source, store, 2));

    private async Task<string[]> RowsAsync(string name) => [.. (await BatchFolder.RowsAsync(_folder.File(name))).Select(row => row.Text)];

    private string Copy(string name)
    {
        string from = _folder.File("first"), to = _folder.File(name);
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return to;
    }
}
