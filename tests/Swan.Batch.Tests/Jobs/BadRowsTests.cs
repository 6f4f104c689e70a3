using System.Diagnostics;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.Batch.Tests.Jobs;

public sealed class BadRowsTests : IDisposable
{
    private static readonly ImageFault[] Faults =
    [
        ImageFault.Missing, ImageFault.Empty, ImageFault.NotAnImage, ImageFault.Truncated, ImageFault.Corrupt, ImageFault.Unsupported,
    ];

    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bad_rows_and_their_reasons_are_in_a_file_beside_the_embeddings()
    {
        string[] good = _folder.Draw(9);
        string[] bad = [.. Faults.Select(f => Path.GetFileName(BadImages.Write(_folder.Images, f)))];
        string list = _folder.List([.. good[..4], .. bad, .. good[4..]]);
        BatchProcess.Outcome outcome = BatchProcess.Run(_folder.Job(list, 5));
        outcome.MustBe(BatchExitCode.TooManyBadRows);
        Assert.Contains("15 of 15 rows, 9 embedded, 6 bad (Corrupt 1, Empty 1, Missing 1, NotAnImage 1, Truncated 1, Unsupported 1)",
            outcome.Output, StringComparison.Ordinal);
        Assert.Contains("40.0 % of the rows are bad; --max-bad allows 1.0 %", outcome.Errors, StringComparison.Ordinal);
        Assert.Matches(@"peak memory: \d+ MiB", outcome.Output);

        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal(good.Concat(bad).Order(StringComparer.Ordinal), rows.Select(r => r.Image));
        Assert.Equal(good, rows.Where(r => r.Fault is null).Select(r => r.Image));
        Assert.All(rows.Where(r => r.Fault is null),
            r => TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(Path.Combine(_folder.Images, r.Image))), r.Embedding));
        Assert.Equal(Faults.Select(f => $"{f}").Order(), rows.Select(r => r.Fault).OfType<string>().Order());

        List<BadImage> faults = [.. _folder.BadRows().OrderBy(b => Array.IndexOf(bad, b.Image))];
        Assert.Equal(bad, faults.Select(b => b.Image));
        Assert.Equal(Faults.Select(f => f.ToString()), faults.Select(b => b.Reason));
        Assert.All(faults, b => Assert.Equal(b.Image, rows[(int)b.Row].Image));
        Assert.All(faults, b => Assert.Contains(b.Image, b.Message, StringComparison.Ordinal));
        Assert.Equal(2, _folder.Files("bad").Length); // the first shard's rows are good
        BatchProcess.Run(_folder.Job(list, 5, "--max-bad", "0.4")).MustBe(0);
        BatchProcess.Run(_folder.Job(list, 5, "--max-bad", "0.39")).MustBe(BatchExitCode.TooManyBadRows);
    }

    [Fact]
    public async Task Equal_bytes_are_equally_bad_and_each_message_names_its_own_image()
    {
        foreach (string name in (string[])["a.png", "b.png"]) File.WriteAllText(Path.Combine(_folder.Images, name), "no image");
        BatchReport report = await _folder.RunAsync();
        Assert.Equal((2, true), (report.BadRows["NotAnImage"], report.HasTooManyBadRows));
        Assert.Equal(["a.png", "b.png"], _folder.BadRows().Select(b => b.Image));
        Assert.All(_folder.BadRows(), b => Assert.Contains(b.Image, b.Message, StringComparison.Ordinal));
        Assert.Empty(_folder.Parquets);
    }

    [Fact]
    public async Task A_key_whose_letters_a_reason_has_changes_no_reason()
    {
        using var source = new MadeSource();
        foreach (string key in (string[])["Image", "a", "b'"]) source.Put(key, "no image");
        await _folder.RunAsync(o => o.Source = source);
        Assert.Equal([("Image", "NotAnImage"), ("a", "NotAnImage"), ("b'", "NotAnImage")],
            (await _folder.RowsAsync()).Select(r => (r.Image, r.Fault)));
        string[] messages = [.. _folder.BadRows().Select(b => b.Message.Replace($"'{b.Image}'", "it", StringComparison.Ordinal))];
        Assert.StartsWith("it can't be used as an image", messages[0], StringComparison.Ordinal);
        Assert.All(messages, message => Assert.Equal(messages[0], message));
    }

    [Fact]
    public async Task Mended_images_are_embedded_and_those_that_look_the_same_when_bad_rows_are_retried()
    {
        string[] lines = [.. _folder.Draw(4), "later-1.png", "later-2.png"];
        string list = _folder.List(lines), later = Path.Combine(_folder.Images, "later-2.png");
        File.WriteAllBytes(later, new byte[File.ReadAllBytes(Path.Combine(_folder.Images, "000.png")).Length]);
        BatchProcess.Run(_folder.Job(list, 2)).MustBe(BatchExitCode.TooManyBadRows);
        Assert.Equal(["Missing", "NotAnImage"], _folder.BadRows().Select(b => b.Reason).Order());
        DateTime time = File.GetLastWriteTimeUtc(later);
        _folder.Draw("later-1.png", 90); // its stamp is no longer "missing"
        File.Copy(Path.Combine(_folder.Images, "000.png"), later, overwrite: true);
        File.SetLastWriteTimeUtc(later, time);

        BatchProcess.Run(_folder.Job(list, 2, "--max-bad", "0")).MustBe(0);
        Assert.Equal("NotAnImage", Assert.Single(await _folder.RowsAsync(), r => r.Fault is not null).Fault);
        BatchProcess.Outcome mended = BatchProcess.Run(_folder.Job(list, 2, "--retry-bad"));
        mended.MustBe(0);
        Assert.Contains("1 tried again, 5 unchanged", mended.Output, StringComparison.Ordinal);
        List<JobRow> rows = await _folder.RowsAsync();
        Assert.All(rows, r => Assert.Null(r.Fault));
        Assert.Equal(rows[0].Embedding, rows[5].Embedding);
    }

    [Fact]
    public async Task Links_to_nowhere_pipes_and_folders_are_bad_rows_and_nothing_waits_for_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes are made with mkfifo");
        _folder.Draw(1);
        File.CreateSymbolicLink(Path.Combine(_folder.Images, "nowhere.png"), Path.Combine(_folder.Images, "nowhere"));
        using (Process made = Process.Start("mkfifo", [Path.Combine(_folder.Images, "pipe.png")])) made.WaitForExit();
        Directory.CreateDirectory(Path.Combine(_folder.Images, "folder.jpg"));
        string list = _folder.List(["000.png", "folder.jpg", "nowhere.png", "pipe.png"]);
        await _folder.RunAsync(o => (o.Images, o.List, o.Root) = (null, list, _folder.Images));
        Assert.Equal([null, "Unreadable", "Missing", "Empty"], (await _folder.RowsAsync()).Select(r => r.Fault));

        string output = _folder.File("of-the-folder");
        await _folder.RunAsync(o => o.Output = output);
        Assert.Equal([("000.png", null), ("nowhere.png", "Missing"), ("pipe.png", "Empty")],
            (await BatchFolder.RowsAsync(output)).Select(r => (r.Image, r.Fault)));
    }

    [Fact]
    public async Task Listed_paths_do_not_lead_out_of_the_root_unless_told_so()
    {
        TinyImages.Write(Path.GetDirectoryName(_folder.Images)!, "outside.png", 7);
        string[] lines = ["../outside.png", Path.Combine(_folder.Images, "000.png"), .. _folder.Draw(1)];
        string list = _folder.List(lines);
        BatchProcess.Run(_folder.Job(list, 4, "--max-bad", "1")).MustBe(0);
        Assert.Equal(["OutsideFolder"], _folder.BadRows().Select(b => b.Reason));
        BatchProcess.Run(_folder.Job(list, 4, "--outside-root")).MustBe(0);
        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal(lines, rows.Select(r => r.Image));
        Assert.All(rows, r => Assert.Null(r.Fault));

        // A list alone may name any file.
        string absolute = _folder.List([lines[1]], "absolute.txt");
        BatchProcess.Run(["embed", "--model", _folder.Model, "--list", absolute, "--out", _folder.File("out-2")]).MustBe(0);
    }

    [Fact]
    public async Task Images_with_more_bytes_or_pixels_than_the_job_allows_are_bad_rows()
    {
        _folder.Draw(1);
        TinyImages.Write(_folder.Images, "wide.png", 1, width: 30);
        await _folder.RunAsync(o => o.MaxPixels = 300);
        Assert.Equal([null, "TooLarge"], (await _folder.RowsAsync()).Select(r => r.Fault));
        string output = _folder.File("bytes");
        await _folder.RunAsync(o => (o.Output, o.MaxBytes) = (output, new FileInfo(Path.Combine(_folder.Images, "000.png")).Length));
        Assert.Equal([null, "TooLarge"], (await BatchFolder.RowsAsync(output)).Select(r => r.Fault));
    }

    [Fact]
    public async Task A_job_decodes_in_the_scale_that_its_model_says()
    {
        string model = TinyModel.WriteScaled(_folder.File("."));
        File.WriteAllBytes(Path.Combine(_folder.Images, "large.jpg"), NaturalPictures.Jpeg(121, 93, seed: 3));
        await _folder.RunAsync(o => o.Model = model);

        float[] found = Assert.Single(await _folder.RowsAsync()).Embedding;
        using SwanModel scaled = SwanModel.Open(model), full = SwanModel.Open(_folder.Model);
        Assert.Equal(scaled.EmbedImage(Path.Combine(_folder.Images, "large.jpg")), found);
        Assert.NotEqual(full.EmbedImage(Path.Combine(_folder.Images, "large.jpg")), found);
    }
}
