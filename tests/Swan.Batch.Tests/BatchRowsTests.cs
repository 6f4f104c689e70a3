using Microsoft.ML;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.Batch.Tests;

public sealed class BatchRowsTests : IDisposable
{
    private static readonly ImageFault[] Faults =
    [
        ImageFault.Missing, ImageFault.Empty, ImageFault.NotAnImage, ImageFault.Truncated, ImageFault.Corrupt, ImageFault.Unsupported,
    ];

    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_decodes_in_the_scale_that_its_model_says()
    {
        string model = TinyModel.WriteScaled(_folder.File("."));
        File.WriteAllBytes(Path.Combine(_folder.Images, "large.jpg"), NaturalPictures.Jpeg(121, 93, seed: 3));
        BatchJobOptions options = new() { Model = model, Images = _folder.Images, Output = _folder.Out };

        await new MLContext().Swan().Batch(options).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        float[] found = Assert.Single(_folder.Rows()).Embedding;
        using SwanModel scaled = SwanModel.Open(model), full = SwanModel.Open(_folder.Model);
        Assert.Equal(scaled.EmbedImage(Path.Combine(_folder.Images, "large.jpg")), found);
        Assert.NotEqual(full.EmbedImage(Path.Combine(_folder.Images, "large.jpg")), found);
    }

    [Fact]
    public void Bad_rows_and_their_reasons_are_in_the_side_file()
    {
        string[] good = _folder.Draw(9);
        string[] bad = [.. Faults.Select(f => Path.GetFileName(BadImages.Write(_folder.Images, f)))];
        string[] lines = [.. good[..4], .. bad, .. good[4..]];
        BatchProcess.Outcome outcome = BatchProcess.Run(_folder.Job(_folder.List(lines), 5));
        outcome.MustBe(1);
        Assert.Contains("15 of 15 rows, 9 embedded, 6 bad (Corrupt 1, Empty 1, Missing 1, NotAnImage 1, Truncated 1, Unsupported 1)",
            outcome.Output, StringComparison.Ordinal);
        Assert.Contains("40.0 % of the rows are bad; --max-bad allows 1.0 %", outcome.Errors, StringComparison.Ordinal);
        Assert.Matches(@"peak memory: \d+ MiB", outcome.Output);

        List<EmbeddedImage> rows = _folder.Rows();
        Assert.Equal(good, rows.Select(r => r.Image));
        Assert.All(rows, r => Assert.Equal(lines[r.Row], r.Image));
        Assert.All(rows,
            r => TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(Path.Combine(_folder.Images, r.Image))), r.Embedding));

        List<BadImage> faults = [.. _folder.BadRows().OrderBy(b => b.Row)];
        Assert.Equal(bad, faults.Select(b => b.Image));
        Assert.Equal(Faults.Select(f => f.ToString()), faults.Select(b => b.Reason));
        Assert.All(faults, b => Assert.True(lines[b.Row] == b.Image && b.Message.Contains(b.Image, StringComparison.Ordinal), b.Message));
        Assert.Equal(2, _folder.BadFiles.Length); // rows 5 to 9 are the second chunk, row 4 is the first's
        BatchProcess.Run(_folder.Job(_folder.File("list.txt"), 5, "--max-bad", "0.4")).MustBe(0);
        BatchProcess.Run(_folder.Job(_folder.File("list.txt"), 5, "--max-bad", "0.39")).MustBe(1);
    }

    [Fact]
    public void Mended_images_are_embedded_when_bad_rows_are_retried()
    {
        string[] lines = [.. _folder.Draw(4), "later-1.png", "later-2.png"];
        string list = _folder.List(lines);
        BatchProcess.Run(_folder.Job(list, 2)).MustBe(1);
        Assert.Equal(3, _folder.Chunks.Length);
        TinyImages.Write(_folder.Images, "later-1.png", 90);
        TinyImages.Write(_folder.Images, "later-2.png", 91);
        BatchProcess.Run(_folder.Job(list, 2)).MustBe(1);
        DateTime first = File.GetLastWriteTimeUtc(_folder.Chunks[0]);

        BatchProcess.Outcome mended = BatchProcess.Run(_folder.Job(list, 2, "--retry-bad"));
        mended.MustBe(0);
        Assert.Contains("4 rows were done before", mended.Output, StringComparison.Ordinal);
        Assert.Equal(lines, _folder.Rows().Select(r => r.Image));
        Assert.Empty(_folder.BadFiles);
        Assert.Equal(first, File.GetLastWriteTimeUtc(_folder.Chunks[0]));
    }

    [Fact]
    public async Task Every_chunk_says_which_model_made_it()
    {
        string list = _folder.List([.. _folder.Draw(3), "missing.png"]);
        BatchProcess.Run(_folder.Job(list, 4, "--max-bad", "1")).MustBe(0);
        Dictionary<string, string> metadata = await BatchFolder.Metadata(Assert.Single(_folder.Chunks));
        Swan.MLNet.ModelFiles.ModelIdentity model = Swan.MLNet.ModelFiles.SwanModelFile.Read(_folder.Model).Card.Identity!;
        Assert.Equal(model.Name, metadata["swan.model_name"]);
        Assert.Equal(model.Fingerprint, metadata["swan.model_fingerprint"]);
        Assert.Equal("6", metadata["swan.embedding_size"]);
        Assert.Equal("0.1.0", metadata["swan.version"]);
        Assert.Equal("4", metadata["swan.rows"]);
        Assert.Equal("""{"Missing":1}""", metadata["swan.bad_rows"]);
    }

    [Fact]
    public void Listed_paths_do_not_lead_out_of_the_root_unless_told_so()
    {
        TinyImages.Write(Path.GetDirectoryName(_folder.Images)!, "outside.png", 7);
        string[] lines = [.. _folder.Draw(1), "../outside.png", Path.Combine(_folder.Images, "000.png")];
        string list = _folder.List(lines);
        BatchProcess.Run(_folder.Job(list, 4, "--max-bad", "1")).MustBe(0);
        Assert.Equal(["OutsideFolder"], _folder.BadRows().Select(b => b.Reason));
        BatchProcess.Run(_folder.Job(list, 4, "--outside-root", "--retry-bad")).MustBe(0);
        Assert.Equal(lines, _folder.Rows().Select(r => r.Image));

        // A list alone may name any file.
        string absolute = _folder.List([lines[2]], "absolute.txt");
        BatchProcess.Run(["--model", _folder.Model, "--list", absolute, "--out", _folder.File("out-2")]).MustBe(0);
    }

    [Fact]
    public void A_folder_is_listed_once_in_ordinal_order()
    {
        foreach (string name in (string[])["b.PNG", "a/z.png", "a/B.png", "a.png", "a-1.png", "é/ü.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder.Images, name))!);
            TinyImages.Write(_folder.Images, name, seed: name.Length);
        }
        File.WriteAllText(Path.Combine(_folder.Images, "README.md"), "no image");
        string[] job = ["--model", _folder.Model, "--images", _folder.Images, "--out", _folder.Out, "--chunk", "4"];
        BatchProcess.Outcome outcome = BatchProcess.Run(job);
        outcome.MustBe(0);
        Assert.Contains("1 file in", outcome.Output, StringComparison.Ordinal);
        string[] expected = ["a-1.png", "a.png", "a/B.png", "a/z.png", "b.PNG", "é/ü.png"];
        Assert.Equal(expected, _folder.Rows().Select(r => r.Image));

        TinyImages.Write(_folder.Images, "a-0.png", 5);
        File.Delete(_folder.Chunks[1]);
        BatchProcess.Run(job).MustBe(0);
        Assert.Equal(expected, _folder.Rows().Select(r => r.Image));
    }
}
