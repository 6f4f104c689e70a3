using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Sources;

public sealed class ArchiveSourceTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly string _archives;
    private readonly WatchedStore _store;
    private readonly ArchiveSource _source;

    public ArchiveSourceTests()
    {
        _archives = Directory.CreateDirectory(_folder.File("archives")).FullName;
        _store = new WatchedStore(_archives);
        _source = new ArchiveSource(_store);
    }

    public void Dispose()
    {
        _source.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Images_in_tars_and_zips_are_embedded_as_those_of_a_folder()
    {
        foreach (string ending in (string[])[".tar", ".zip"])
        {
            Put($"shards/1{ending}",
                ("./a.png", MadePictures.Of(1)), ("b/é 🛰.PNG", MadePictures.Of(2)), ("c!/d.png", MadePictures.Of(3)),
                ("notes.txt", [1]), (".hidden.png", MadePictures.Of(4)), ("__MACOSX/a.png", MadePictures.Of(5)));
        }
        File.WriteAllText(Path.Combine(_archives, "beside.png"), "");
        File.WriteAllText(Path.Combine(_archives, "shards/._1.tar"), "what macOS puts beside files");
        BatchReport report = await RunAsync();

        Assert.Equal(6, report.Rows);
        string[] expected = [.. new[] { "tar", "zip" }.SelectMany(e => (string[])
            [$"shards/1.{e}!/a.png", $"shards/1.{e}!/b/é 🛰.PNG", $"shards/1.{e}!/c!/d.png"])];
        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal(expected, rows.Select(r => r.Image));
        Assert.Contains("1 file beside the archives", _source.Remark, StringComparison.Ordinal);
        Assert.Contains("2 files in archives", _source.Remark, StringComparison.Ordinal);
        Assert.Contains("2 links to images", _source.Remark, StringComparison.Ordinal);

        for (int i = 1; i <= 3; i++) File.WriteAllBytes(Path.Combine(_folder.Images, $"{i}.png"), MadePictures.Of(i));
        await _folder.RunAsync(o => o.Output = _folder.File("of-the-folder"));
        float[][] same = [.. (await BatchFolder.RowsAsync(_folder.File("of-the-folder"))).Select(r => r.Embedding)];
        Assert.Equal([.. same, .. same], rows.Select(r => r.Embedding));
    }

    [Theory]
    [InlineData(".tar")]
    [InlineData(".zip")]
    public async Task An_archive_that_is_as_it_was_is_not_read_again_and_one_that_is_gone_takes_its_images_with_it(string ending)
    {
        Put($"1{ending}", ("a.png", MadePictures.Of(1)), ("b.png", MadePictures.Of(2)));
        Put($"1 2{ending}", ("c.png", MadePictures.Of(3)));
        await RunAsync();
        _store.Opened.Clear();
        Assert.Equal(1, (await RunAsync()).Run);
        Assert.Empty(_store.Opened);

        Put($"3{ending}", ("d.png", MadePictures.Of(4)));
        BatchReport second = await RunAsync();
        Assert.Equal((1, 3), (second.Rows, second.RowsUnchanged));
        Assert.Equal([$"3{ending}"], _store.Opened.Distinct());

        Touch($"1{ending}");
        _store.Opened.Clear();
        BatchReport third = await RunAsync();
        Assert.Equal((2, 2), (third.Rows, third.RowsReused));
        Assert.Equal([$"1{ending}"], _store.Opened.Distinct());

        File.Delete(Path.Combine(_archives, $"1{ending}"));
        Assert.Equal(2, (await RunAsync()).RowsGone);
        Assert.Equal([$"1 2{ending}!/c.png", $"3{ending}!/d.png"], (await _folder.RowsAsync()).Select(r => r.Image));

        _store.Opened.Clear();
        await RunAsync(o => o.Verify = true);
        Assert.Equal([$"1 2{ending}", $"3{ending}"], _store.Opened.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(".tar")]
    [InlineData(".zip")]
    public async Task An_archive_that_is_cut_anywhere_is_an_error_that_names_it(string ending)
    {
        byte[] whole = Packed.As(ending, Enumerable.Range(0, 3).Select(i => ($"{i}.png", MadePictures.Of(i))));
        // A tar's end is two blocks of zeros, of which one is enough.
        int last = ending == ".tar" ? whole.AsSpan().LastIndexOfAnyExcept((byte)0) / 512 * 512 + 512 : whole.Length - 1;
        int[] cuts = [.. Enumerable.Range(0, last / 512 + 1).Select(i => i * 512), last, last - 1, last / 2, 100];
        foreach (int cut in cuts.Where(c => c <= last))
        {
            File.WriteAllBytes(Path.Combine(_archives, $"a{ending}"), whole[..cut]);
            Exception? refused = await Record.ExceptionAsync(ListAsync);
            Assert.True(refused is SwanBatchException, $"after {cut} of {whole.Length} bytes: {refused}");
            Assert.Contains($"'a{ending}'", refused.Message, StringComparison.Ordinal);
            Assert.Equal(BatchExitCode.Failed, BatchExitCode.For(refused));
        }
        File.WriteAllBytes(Path.Combine(_archives, $"a{ending}"), whole);
        Assert.Equal(3, (await ListAsync()).Count);
    }

    [Fact]
    public async Task Tars_that_were_joined_are_an_error_because_the_second_one_would_be_overlooked()
    {
        byte[] one = Packed.Tar(("a.png", MadePictures.Of(1)));
        File.WriteAllBytes(Path.Combine(_archives, "a.tar"), [.. one, .. one]);
        var refused = await Assert.ThrowsAsync<SwanBatchException>(ListAsync);
        Assert.Contains("joined", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_with_more_files_than_it_says_is_an_error()
    {
        byte[] zip = Packed.Zip(("a.png", MadePictures.Of(1)), ("b.png", MadePictures.Of(2)));
        // The number of files, at the end of the directory.
        (zip[^14], zip[^12]) = (1, 1);
        File.WriteAllBytes(Path.Combine(_archives, "a.zip"), zip);
        var refused = await Assert.ThrowsAsync<SwanBatchException>(ListAsync);
        Assert.Contains("more than the 1 files", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_that_are_damaged_or_packed_in_other_ways_are_bad_rows()
    {
        byte[] zip = Packed.Zip(("a.png", MadePictures.Of(1)), ("b.png", MadePictures.Of(2)), ("c.png", MadePictures.Of(3)));
        zip[60] ^= 1;
        // The method in the directory's second header: bzip2.
        int second = Places(zip, "PK\u0001\u0002"u8).ElementAt(1);
        zip[second + 10] = 12;
        File.WriteAllBytes(Path.Combine(_archives, "a.zip"), zip);
        BatchReport report = await RunAsync();
        Assert.Equal((3, 1, 1), (report.Rows, report.BadRows["Corrupt"], report.BadRows["Unsupported"]));
        Assert.Equal(["Corrupt", "Unsupported", null], (await _folder.RowsAsync()).Select(r => r.Fault));
        Assert.Contains(_folder.BadRows(), bad => bad.Message.Contains("checksum", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(".tar")]
    [InlineData(".zip")]
    public async Task An_archive_that_is_replaced_between_plan_and_work_gives_no_wrong_rows_and_is_embedded_the_next_time(string ending)
    {
        Put($"a{ending}", ("1.png", MadePictures.Of(1)), ("2.png", MadePictures.Of(2)));
        await _folder.Job(Set).PlanAsync(cancellationToken: Token);
        Put($"a{ending}", ("2.png", MadePictures.Of(20)), ("1.png", MadePictures.Of(10)));
        Assert.Equal(2, (await RunAsync()).BadRows["Missing"]);
        Assert.All(_folder.BadRows(), bad => Assert.Contains("replaced", bad.Message, StringComparison.Ordinal));
        Assert.Equal((2, 2), ((await RunAsync()) is var next ? (next.Run, next.Rows) : default));
        Assert.All(await _folder.RowsAsync(), row => Assert.Null(row.Fault));
    }

    [Theory]
    [InlineData(".tar")]
    [InlineData(".zip")]
    public async Task Of_several_entries_of_a_name_the_last_one_counts(string ending)
    {
        Put($"a{ending}", [.. Enumerable.Range(0, 12).Select(i => ("same.png", MadePictures.Of(i)))]);
        await RunAsync();
        JobRow row = Assert.Single(await _folder.RowsAsync());
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(MadePictures.Of(11))), row.Hash);
    }

    [Fact]
    public async Task An_archive_whose_path_would_make_keys_ambiguous_is_refused()
    {
        Put("a.tar!/b.tar", ("c.png", MadePictures.Of(1)));
        var refused = await Assert.ThrowsAsync<SwanBatchException>(ListAsync);
        Assert.Contains("'a.tar!/b.tar'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_archive_is_a_source_and_one_that_is_not_there_is_an_error()
    {
        Put("1.tar", ("a.png", MadePictures.Of(1)));
        Put("2.tar", ("b.png", MadePictures.Of(2)));
        using var one = new ArchiveSource(new FolderStore(_archives), "2.tar");
        Assert.Equal($"{_archives}/2.tar (archives)", one.Address);
        await RunAsync(o => o.Source = one);
        Assert.Equal("2.tar!/b.png", Assert.Single(await _folder.RowsAsync()).Image);
        using var none = new ArchiveSource(new FolderStore(_archives), "3.tar");
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => RunAsync(o => (o.Source, o.Output) = (none, _folder.File("o"))));
        Assert.Contains("no archive", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_plan_says_opens_the_archives_again()
    {
        Put("1.tar", ("a.png", MadePictures.Of(1)), ("b.png", MadePictures.Of(2)));
        await _folder.Job(o => (o.Source, o.MaxPixels, o.MaxBytes) = (_source, 1234567, 7654321)).PlanAsync(cancellationToken: Token);
        using var store = new FolderStore(_folder.Out);
        BatchJobOptions options = await BatchJob.GetOptionsAsync(store, Token);
        Assert.Equal((1234567, 7654321), (options.MaxPixels, options.MaxBytes));
        using ImageSource again = options.SourceSettings!.Open(address => new FolderStore(address), _store);
        (options.Images, options.Source, options.Model) = (null, again, _folder.Model);
        BatchReport report = await new BatchJob(new Microsoft.ML.MLContext(), options).RunShardsAsync(cancellationToken: Token);
        Assert.Equal((2, 0), (report.Rows, report.BadRows.Count));
        Assert.Equal(1, (await RunAsync()).Run);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IEnumerable<int> Places(byte[] bytes, ReadOnlySpan<byte> mark)
    {
        var places = new List<int>();
        for (int at = 0; bytes.AsSpan(at).IndexOf(mark) is >= 0 and var next; at += next + 1) places.Add(at + next);
        return places;
    }

    private void Put(string name, params (string Name, byte[] Bytes)[] files)
    {
        string path = Path.Combine(_archives, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        bool isThere = File.Exists(path);
        DateTime time = isThere ? File.GetLastWriteTimeUtc(path) : default;
        File.WriteAllBytes(path, Packed.As(Path.GetExtension(name), files));
        if (isThere) File.SetLastWriteTimeUtc(path, time.AddSeconds(1));
    }

    private void Touch(string name) => File.SetLastWriteTimeUtc(
        Path.Combine(_archives, name), File.GetLastWriteTimeUtc(Path.Combine(_archives, name)).AddSeconds(1));

    private void Set(BatchJobOptions options) => options.Source = _source;

    private Task<BatchReport> RunAsync(Action<BatchJobOptions>? set = null) => _folder.RunAsync(o =>
    {
        Set(o);
        set?.Invoke(o);
    });

    private async Task<List<SourceImage>> ListAsync()
    {
        var images = new List<SourceImage>();
        await foreach (SourceImage image in _source.ListAsync(Token)) images.Add(image);
        return images;
    }
}
