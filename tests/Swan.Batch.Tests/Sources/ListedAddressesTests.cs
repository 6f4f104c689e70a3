using System.IO.Compression;
using System.Text;
using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Sources;

/// <summary>Lists whose lines are addresses.</summary>
public sealed class ListedAddressesTests : IDisposable
{
    private const string Secret = "sig=Zm9yYmlkZGVu";

    private readonly BatchFolder _folder = new();
    private readonly MadeStore _web = new();

    public void Dispose()
    {
        _folder.Dispose();
        _web.Dispose();
    }

    [Fact]
    public async Task Addresses_are_images_and_are_read_again_only_when_they_change()
    {
        _folder.Draw("here.png", 1);
        string[] addresses = ["https://h/a.png", "s3://b/ü ?.png", "az://c/d/e.png"];
        for (int i = 0; i < 3; i++) _web.Put(addresses[i], MadePictures.Of(i + 2));
        await RunAsync([.. addresses, "here.png"]);
        Assert.Equal(
            ["az://c/d/e.png", "here.png", "https://h/a.png", "s3://b/ü ?.png"], (await _folder.RowsAsync()).Select(r => r.Image));
        Assert.All(await _folder.RowsAsync(), row => Assert.Null(row.Fault));

        _web.Opened.Clear();
        Assert.Equal(1, (await RunAsync([.. addresses, "here.png"])).Run);
        Assert.Empty(_web.Opened);
        _web.Put("https://h/a.png", MadePictures.Of(9));
        Assert.Equal((2, 1), ((await RunAsync([.. addresses, "here.png"])) is var night ? (night.Run, night.Rows) : default));
        Assert.Equal(["https://h/a.png"], _web.Opened);
    }

    [Fact]
    public async Task A_query_is_used_and_stands_in_nothing_that_is_written()
    {
        string[] lines = [$"https://h/a.png?{Secret}", $"https://h/gone.png?{Secret}", $"https://h/no-image.png?{Secret}"];
        _web.Put(lines[0], MadePictures.Of(1));
        _web.Put(lines[2], [1, 2, 3]);
        BatchReport report = await RunAsync(lines);
        Assert.Equal((3, 1, 1), (report.Rows, report.BadRows["Missing"], report.BadRows["NotAnImage"]));
        Assert.Equal(lines.Order(StringComparer.Ordinal), _web.Opened.Order(StringComparer.Ordinal));
        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal(["https://h/a.png", "https://h/gone.png", "https://h/no-image.png"], rows.Select(r => r.Image));
        foreach (string file in _folder.Files())
            Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(Plain(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_differ_in_the_query_alone_are_one_image()
    {
        _web.Put("https://h/a.png?v=1", MadePictures.Of(1));
        _web.PutAgain("https://h/a.png?v=2", "https://h/a.png?v=1");
        var said = new List<BatchProgress>();
        BatchReport report = await Job(["https://h/a.png?v=1", "https://h/a.png?v=2"])
            .RunAsync(new Listener(said), TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), (report.Rows, report.BadRows.Count));
        Assert.Contains(said, p => p.Message?.Contains("listed more than once", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Lines_whose_queries_lead_to_different_images_are_refused()
    {
        for (int i = 1; i <= 2; i++) _web.Put($"https://h/tile?{Secret}&id={i}", MadePictures.Of(i));
        var refused = await Assert.ThrowsAsync<SwanBatchException>(
            () => RunAsync([$"https://h/tile?{Secret}&id=1", $"https://h/tile?{Secret}&id=2"]));
        Assert.Contains("'https://h/tile' with several queries", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Files());
    }

    [Fact]
    public async Task What_is_not_there_is_a_bad_row_until_it_is()
    {
        Assert.Equal(1, (await RunAsync(["https://h/a.png"])).BadRows["Missing"]);
        Assert.Contains("there is no such image. Correct its name in the list", Assert.Single(_folder.BadRows()).Message,
            StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync(["https://h/a.png"])).Run);
        _web.Put("https://h/a.png", MadePictures.Of(1));
        Assert.Equal((2, 0), ((await RunAsync(["https://h/a.png"])) is var there ? (there.Run, there.BadRows.Count) : default));
        _web.Remove("https://h/a.png");
        Assert.Equal(1, (await RunAsync(["https://h/a.png"])).BadRows["Missing"]);
    }

    [Fact]
    public async Task A_server_that_can_not_be_reached_stops_the_planning_and_nothing_is_gone()
    {
        string[] lines = [.. Enumerable.Range(0, 50).Select(i => $"https://h/{i}.png")];
        foreach (string line in lines) _web.Put(line, MadePictures.Of(1));
        await RunAsync(lines);
        _web.Finding = key => key.EndsWith("/33.png", StringComparison.Ordinal)
            ? throw new IOException("The line is dead.") : Task.CompletedTask;
        var failed = await Assert.ThrowsAsync<IOException>(() => RunAsync(lines));
        Assert.Equal(BatchExitCode.InputOutput, BatchExitCode.For(failed));
        Assert.Equal(50, (await _folder.RowsAsync()).Count(row => row.Fault is null));
        _web.Finding = _ => Task.CompletedTask;
        Assert.Equal(1, (await RunAsync(lines)).Run);
    }

    [Fact]
    public async Task As_many_addresses_are_looked_at_together_as_images_may_be_read()
    {
        string[] lines = [.. Enumerable.Range(0, 6).Select(i => $"https://h/{i}.png")];
        foreach (string line in lines) _web.Put(line, MadePictures.Of(1));
        int waiting = 0;
        var all = new TaskCompletionSource();
        // One after the other none would ever be done.
        _web.Finding = async _ =>
        {
            if (Interlocked.Increment(ref waiting) == 6) all.SetResult();
            await all.Task.WaitAsync(TimeSpan.FromMinutes(1));
        };
        Assert.Equal(6, (await RunAsync(lines, o => o.MaxReads = 6)).Rows);
    }

    [Fact]
    public async Task An_image_whose_size_no_server_tells_is_read_to_its_end_as_far_as_the_limit()
    {
        _web.TellsSizes = false;
        byte[] picture = MadePictures.Of(1);
        _web.Put("https://h/a.png", picture);
        _web.Put("https://h/b.png", new byte[200_000]);
        BatchReport report = await RunAsync(["https://h/a.png", "https://h/b.png"], o => o.MaxBytes = picture.Length);
        Assert.Equal(1, report.BadRows["TooLarge"]);
        Assert.Equal([null, "TooLarge"], (await _folder.RowsAsync()).Select(row => row.Fault));
    }

    [Fact]
    public async Task Shards_elsewhere_find_the_queries_in_the_list()
    {
        string[] lines = [.. Enumerable.Range(0, 20).Select(i => $"https://h/{i}.png?{Secret}{i}"), "https://h/plain.png"];
        foreach (string line in lines) _web.Put(line, MadePictures.Of(2));
        await Job(lines).PlanAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var store = new FolderStore(_folder.Out);
        BatchJobOptions options = await BatchJob.GetOptionsAsync(store, TestContext.Current.CancellationToken);
        using ImageSource again = options.SourceSettings!.Open(_ => throw new InvalidOperationException(), _web);
        (options.List, options.Root, options.Source, options.Model) = (null, null, again, _folder.Model);
        BatchReport report = await new BatchJob(new Microsoft.ML.MLContext(), options)
            .RunShardsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((21, 0), (report.Rows, report.BadRows.Count));
        Assert.Equal(lines.Order(StringComparer.Ordinal), _web.Opened.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_shard_without_the_list_that_has_its_signatures_ends_at_once_and_asks_for_no_image()
    {
        string[] lines = [$"https://h/a.png?{Secret}", "https://h/plain.png"];
        foreach (string line in lines) _web.Put(line, MadePictures.Of(2));
        await Job(lines).PlanAsync(cancellationToken: TestContext.Current.CancellationToken);
        string list = _folder.File("list.txt"), moved = _folder.File("moved.txt");
        File.Move(list, moved);
        SwanBatchException refused = await ElsewhereAsync();
        Assert.Contains($"'{list}' is not on this machine", refused.Message, StringComparison.Ordinal);

        // Another list in its place.
        File.WriteAllLines(list, [$"https://h/b.png?{Secret}", lines[1]]);
        refused = await ElsewhereAsync();
        Assert.Contains($"'{list}' no longer has an address of 'https://h/a.png' with a query", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<SwanBatchException>(() => RunAsync([lines[1]]));
        Assert.Contains("no longer has an address of", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("https://h/a.png", _web.Opened);

        File.Move(moved, list, overwrite: true);
        Assert.Equal((2, 0), ((await RunAsync(lines)) is var done ? (done.Rows, done.BadRows.Count) : default));

        async Task<SwanBatchException> ElsewhereAsync()
        {
            using var store = new FolderStore(_folder.Out);
            BatchJobOptions options = await BatchJob.GetOptionsAsync(store, TestContext.Current.CancellationToken);
            using ImageSource again = options.SourceSettings!.Open(_ => throw new InvalidOperationException(), _web);
            (options.List, options.Root, options.Source, options.Model) = (null, null, again, _folder.Model);
            var job = new BatchJob(new Microsoft.ML.MLContext(), options);
            SwanBatchException error = await Assert.ThrowsAsync<SwanBatchException>(
                () => job.RunShardsAsync(cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal(BatchExitCode.Failed, BatchExitCode.For(error));
            Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
            return error;
        }
    }

    [Fact]
    public async Task An_image_that_is_read_by_its_signature_has_a_name_without_it()
    {
        _web.Put($"https://h/a.png?{Secret}", MadePictures.Of(1));
        using var source = new ListSource(_folder.List([$"https://h/a.png?{Secret}"]), addresses: _web);
        CancellationToken token = TestContext.Current.CancellationToken;
        SourceImage image = await source.ListAsync(token).SingleAsync(token);
        using StoredContent opened = (await source.OpenAsync(image, token))!;
        Assert.Equal("https://h/a.png", opened.Object.Key);
    }

    private static byte[] Plain(string file)
    {
        if (!file.EndsWith(".gz", StringComparison.Ordinal)) return File.ReadAllBytes(file);
        using var plain = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        var bytes = new MemoryStream();
        plain.CopyTo(bytes);
        return bytes.ToArray();
    }

    private BatchJob Job(string[] lines, Action<BatchJobOptions>? set = null) => _folder.Job(o =>
    {
        (o.Images, o.List, o.Root, o.Addresses) = (null, _folder.List(lines), _folder.Images, _web);
        set?.Invoke(o);
    });

    private Task<BatchReport> RunAsync(string[] lines, Action<BatchJobOptions>? set = null) =>
        Job(lines, set).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
}
