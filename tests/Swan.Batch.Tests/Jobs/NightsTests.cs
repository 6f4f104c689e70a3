namespace Swan.Batch.Tests.Jobs;

/// <summary>The same job again every night: what is new or changed is embedded, and the rows are those of a fresh job.</summary>
public sealed class NightsTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly MadeSource _source = new();

    public void Dispose()
    {
        _folder.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task A_night_without_changes_reads_nothing_and_writes_nothing()
    {
        Put("a", "b");
        BatchReport first = await NightAsync();
        Assert.Equal((1, 2, 0, 0, 0, 0), Of(first));
        string[] files = _folder.Files();
        _source.Opened.Clear();

        BatchReport second = await NightAsync();
        Assert.Equal((1, 0, 0, 0, 2, 0), Of(second));
        Assert.Empty(_source.Opened);
        Assert.Equal(files, _folder.Files());
    }

    [Fact]
    public async Task A_night_without_changes_has_figures_of_its_own()
    {
        Put("a", "b", "c");
        _source.Put("bad", "no image");
        await NightAsync();
        _source.Put("d", Picture(0)); // known content
        _source.Remove("c");
        BatchReport second = await NightAsync(o => o.MaxBadShare = 0);
        Assert.Equal((2, 1, 0, 1, 3, 1), Of(second));
        Assert.Equal((1, 0.0, false), (second.RowsKnownBad, second.BadShare, second.HasTooManyBadRows));

        BatchReport third = await NightAsync(o => o.MaxBadShare = 0.25);
        Assert.Equal((2, 0, 0, 0, 4, 0), Of(third));
        Assert.Equal((1, 0.25, 0.0, false), (third.RowsKnownBad, third.KnownBadShare, third.BadShare, third.HasTooManyBadRows));
        Assert.Empty(third.BadRows);
        Assert.True((await NightAsync(o => o.MaxBadShare = 0.24)).HasTooManyBadRows);
    }

    [Fact]
    public async Task New_and_changed_images_are_embedded_and_others_not_read()
    {
        Put("a", "b", "c");
        await NightAsync();
        List<JobRow> before = await _folder.RowsAsync();
        _source.Opened.Clear();
        _source.Put("b", Picture(20));
        _source.Put("d", Picture(21));

        BatchReport report = await NightAsync();
        Assert.Equal((2, 2, 0, 0, 2, 0), Of(report));
        Assert.Equal(["b", "d"], _source.Opened.Order(StringComparer.Ordinal));
        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal(["a", "b", "c", "d"], rows.Select(r => r.Image));
        Assert.Equal((before[0].Text, before[2].Text), (rows[0].Text, rows[2].Text));
        Assert.NotEqual(before[1].Hash, rows[1].Hash);
        await AreThoseOfAFreshJobAsync(rows);
    }

    [Fact]
    public async Task A_touched_image_of_the_same_content_keeps_its_row_in_the_file_where_it_is()
    {
        Put("a", "b");
        await NightAsync();
        List<JobRow> before = await _folder.RowsAsync();
        _source.Touch("a");

        BatchReport report = await NightAsync();
        Assert.Equal((2, 1, 0, 1, 1, 0), Of(report));
        Assert.Single(_folder.Parquets);
        Assert.Equal(before.Select(r => r.Text), (await _folder.RowsAsync()).Select(r => r.Text));
        Assert.Equal(2, (await NightAsync()).Run); // its new stamp is known
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_content_under_another_key_gets_the_vector_that_it_had(bool isMoved)
    {
        Put("a", "b");
        await NightAsync();
        List<JobRow> before = await _folder.RowsAsync();
        _source.Put("moved/a", Picture(0));
        if (isMoved) _source.Remove("a");

        BatchReport report = await NightAsync();
        Assert.Equal((2, 1, 0, 1, isMoved ? 1 : 2, isMoved ? 1 : 0), Of(report));
        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal(before[0].Text, rows[^1].Text.Replace("moved/", "", StringComparison.Ordinal));
        Assert.Equal(isMoved ? ["b", "moved/a"] : ["a", "b", "moved/a"], rows.Select(r => r.Image));
    }

    [Fact]
    public async Task What_is_gone_has_no_row_and_gets_one_when_it_comes_back()
    {
        Put("a", "b");
        await NightAsync();
        List<JobRow> before = await _folder.RowsAsync();
        (string _, byte[] bytes) = _source.Find("b")!.Value;
        _source.Remove("b");
        Assert.Equal((2, 0, 0, 0, 1, 1), Of(await NightAsync()));
        Assert.Equal(["a"], (await _folder.RowsAsync()).Select(r => r.Image));
        Assert.Equal(2, (await NightAsync()).Run); // gone once

        _source.Put("b", bytes);
        Assert.Equal((3, 1, 0, 0, 1, 0), Of(await NightAsync()));
        Assert.Equal(before.Select(r => r.Text), (await _folder.RowsAsync()).Select(r => r.Text));
    }

    [Fact]
    public async Task A_bad_image_stays_bad_until_it_changes_or_is_asked_for()
    {
        _source.Put("a", Picture(1));
        _source.Put("b", "no image");
        Assert.Equal(1, (await NightAsync()).BadRows["NotAnImage"]);
        // Mended, with the stamp that it had.
        _source.Replace("b", Picture(2));
        BatchReport same = await NightAsync();
        Assert.Equal((1, 0, 1), (same.Run, same.BadRows.Count, same.RowsKnownBad));
        Assert.Equal(["", "NotAnImage"], (await _folder.RowsAsync()).Select(r => r.Fault ?? ""));

        BatchReport again = await NightAsync(o => o.RetryBadRows = true);
        Assert.Equal((2, 1, 0, 0, 1, 0), Of(again));
        Assert.Empty(again.BadRows);
        List<JobRow> rows = await _folder.RowsAsync();
        Assert.All(rows, row => Assert.Null(row.Fault));
        await AreThoseOfAFreshJobAsync(rows);
    }

    [Fact]
    public async Task A_good_image_that_becomes_bad_has_no_vector_any_more()
    {
        Put("a", "b");
        await NightAsync();
        _source.Put("a", "no image");
        await NightAsync();
        JobRow bad = (await _folder.RowsAsync())[0];
        Assert.Equal(("a", "NotAnImage", 0), (bad.Image, bad.Fault, bad.Embedding.Length));
        Assert.NotNull(bad.Hash);
    }

    [Fact]
    public async Task Only_looking_at_contents_finds_a_change_that_kept_size_and_time()
    {
        _folder.Draw(3);
        await _folder.RunAsync();
        List<JobRow> before = await _folder.RowsAsync();
        string path = Path.Combine(_folder.Images, "001.png");
        (byte[] bytes, DateTime time) = (await File.ReadAllBytesAsync(path, Token), File.GetLastWriteTimeUtc(path));
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);
        File.SetLastWriteTimeUtc(path, time);

        Assert.Equal(1, (await _folder.RunAsync()).Run);
        Assert.Equal(before.Select(r => r.Text), (await _folder.RowsAsync()).Select(r => r.Text));
        BatchReport verified = await _folder.RunAsync(o => o.Verify = true);
        Assert.Equal((2, 3, 2), (verified.Run, verified.Rows, verified.RowsReused));
        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal((before[0].Text, before[2].Text), (rows[0].Text, rows[2].Text));
        Assert.NotEqual(before[1].Hash, rows[1].Hash);

        var said = new List<BatchProgress>();
        await _folder.Job().RunAsync(new Listener(said), Token);
        Assert.Contains(said, p => p.Message == "nothing to do: 3 images are unchanged since run 2");
    }

    [Fact]
    public async Task A_source_without_images_is_refused_unless_it_is_allowed()
    {
        Put("a");
        await NightAsync();
        _source.Remove("a");
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => NightAsync());
        Assert.False(refused.CanRetry);
        Assert.Contains("1 image was there before", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--allow-empty", refused.Message, StringComparison.Ordinal);
        Assert.Single(await _folder.RowsAsync());
        Assert.Single(Directory.GetDirectories(Path.Combine(_folder.Out, "runs")));

        Assert.Equal((2, 0, 0, 0, 0, 1), Of(await NightAsync(o => o.AllowEmpty = true)));
        Assert.Empty(await _folder.RowsAsync());
    }

    [Fact]
    public async Task A_list_that_no_longer_names_an_image_makes_it_gone_and_one_that_names_it_twice_embeds_it_once()
    {
        _folder.Draw(3);
        var said = new List<BatchProgress>();
        await ListedAsync(said, "002.png", "000.png", "002.png", "001.png", "002.png");
        Assert.Equal(["000.png", "001.png", "002.png"], (await _folder.RowsAsync()).Select(r => r.Image));
        Assert.Contains(said, p => p.Message?.Contains("2 images of", StringComparison.Ordinal) == true
            && p.Message.Contains("are listed more than once, and embedded once", StringComparison.Ordinal));
        await ListedAsync(said, "000.png", "002.png");
        Assert.Equal(["000.png", "002.png"], (await _folder.RowsAsync()).Select(r => r.Image));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static (int Run, long Rows, long FromBefore, long Reused, long Unchanged, long Gone) Of(BatchReport report) =>
        (report.Run, report.Rows, report.RowsFromBefore, report.RowsReused, report.RowsUnchanged, report.RowsGone);

    private static byte[] Picture(int seed) => MadePictures.Of(seed);

    private void Put(params string[] keys)
    {
        for (int i = 0; i < keys.Length; i++) _source.Put(keys[i], Picture(i));
    }

    private Task<BatchReport> NightAsync(Action<BatchJobOptions>? set = null) => _folder.RunAsync(o =>
    {
        o.Source = _source;
        set?.Invoke(o);
    });

    private async Task ListedAsync(List<BatchProgress> said, params string[] lines)
    {
        string list = _folder.List(lines);
        await _folder.Job(o => (o.Images, o.List, o.Root) = (null, list, _folder.Images)).RunAsync(new Listener(said), Token);
    }

    private async Task AreThoseOfAFreshJobAsync(List<JobRow> rows)
    {
        string fresh = _folder.File("fresh");
        await NightAsync(o => o.Output = fresh);
        Assert.Equal((await BatchFolder.RowsAsync(fresh)).Select(r => r.Text), rows.Select(r => r.Text));
    }
}
