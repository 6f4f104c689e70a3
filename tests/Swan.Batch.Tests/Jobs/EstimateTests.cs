using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Jobs;

public sealed class EstimateTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plan_says_which_bytes_are_read_and_about_how_many_are_written()
    {
        _folder.Draw(60);
        BatchPlan plan = (await Job(500).PlanAsync(cancellationToken: Token))!;
        BatchEstimate estimate = plan.Estimate!;
        Assert.InRange(estimate.Images, 1, 8);
        Assert.Equal(Directory.GetFiles(_folder.Images).Sum(file => new FileInfo(file).Length), estimate.BytesRead);
        Assert.True(estimate.Elapsed > TimeSpan.Zero && estimate.ProcessorTime > TimeSpan.Zero);
        Assert.Empty(_folder.Records);

        // A file of six rows is mostly what is around them.
        Assert.Equal(60, (await Job(500).RunAsync(cancellationToken: Token)).Rows);
        long written = _folder.Parquets.Sum(file => new FileInfo(file).Length);
        Assert.InRange(estimate.BytesWritten, written, 10 * written);
    }

    [Fact]
    public async Task A_preview_says_what_a_plan_would_and_writes_nothing()
    {
        _folder.Draw(12);
        BatchPlan preview = (await Job(500).PreviewAsync(cancellationToken: Token))!;
        Assert.False(Directory.Exists(_folder.Out));
        Assert.NotNull(preview.Estimate);
        Assert.Equal(preview with { Estimate = null }, await Job(0).PlanAsync(cancellationToken: Token));

        string[] before = _folder.Files();
        Assert.True((await Assert.ThrowsAsync<SwanBatchException>(() => Job(0).PreviewAsync(cancellationToken: Token))).CanRetry);
        Assert.Equal(12, (await Job(0, supersede: true).PreviewAsync(cancellationToken: Token))!.New);
        Assert.Equal(before, _folder.Files());

        await Job(0).RunAsync(cancellationToken: Token);
        before = _folder.Files();
        Assert.Null(await Job(0).PreviewAsync(cancellationToken: Token));
        File.Delete(Path.Combine(_folder.Images, "000.png"));
        _folder.Draw("new.png", seed: 40);
        BatchPlan night = (await Job(500).PreviewAsync(cancellationToken: Token))!;
        Assert.Equal((2, 1, 1, 11), (night.Run, night.New, night.Gone, night.Unchanged));
        Assert.Equal(before, _folder.Files());
    }

    [Fact]
    public async Task An_estimate_counts_images_that_are_bad_and_goes_on()
    {
        _folder.Draw(3);
        File.WriteAllText(Path.Combine(_folder.Images, "bad.jpg"), "no image");
        BatchPlan plan = (await Job(500).PlanAsync(cancellationToken: Token))!;
        Assert.Equal(4, plan.Rows);
        Assert.InRange(plan.Estimate!.Images, 2, 4); // one of each size at least
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Images_that_have_moved_are_known_and_an_estimate_says_so(bool isPreview)
    {
        string[] names = _folder.Draw(60);
        await Job(0).RunAsync(cancellationToken: Token);
        Directory.CreateDirectory(Path.Combine(_folder.Images, "moved"));
        foreach (string name in names[..30])
            File.Move(Path.Combine(_folder.Images, name), Path.Combine(_folder.Images, "moved", name));
        BatchPlan plan = (isPreview ? await Job(500).PreviewAsync(cancellationToken: Token)
            : await Job(500).PlanAsync(cancellationToken: Token))!;
        Assert.Equal((30, 30), (plan.Rows, plan.Estimate!.RowsReused));
        Assert.True(plan.Estimate.BytesRead > 0); // What they are is seen when they are read.
        if (!isPreview) Assert.Equal(30, (await Job(0).RunAsync(cancellationToken: Token)).RowsReused);

        // As many new ones among them.
        for (int i = 0; i < 30; i++) _folder.Draw($"moved/{i:D3}-new.png", seed: 100 + i);
        if (isPreview) Assert.InRange((await Job(500).PreviewAsync(cancellationToken: Token))!.Estimate!.RowsReused, 1, 59);
    }

    [Fact]
    public async Task Rows_whose_values_alone_have_changed_cost_no_reading()
    {
        string[] images = _folder.Draw(20);
        await WithLabel("roof").RunAsync(cancellationToken: Token);
        BatchPlan plan = (await WithLabel("road").PreviewAsync(cancellationToken: Token))!;
        Assert.Equal((20, 20, 0), (plan.Changed, plan.Estimate!.RowsReused, plan.Estimate.BytesRead));
        Assert.True(plan.Estimate.BytesWritten > 0);

        BatchJob WithLabel(string label)
        {
            File.WriteAllLines(_folder.File("m.csv"), ["path,label", .. images.Select(image => $"{image},{label}")]);
            ManifestSource source = ManifestSource.OpenAsync(
                new FolderStore(_folder.File(".")), "m.csv", root: _folder.Images, cancellationToken: Token).GetAwaiter().GetResult();
            return _folder.Job(o => (o.Source, o.SampleSize) = (source, 500));
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BatchJob Job(int sample, bool supersede = false) => _folder.Job(o => (o.SampleSize, o.Supersede) = (sample, supersede));
}
