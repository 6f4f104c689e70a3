using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Sources;

/// <summary>Manifests that name images.</summary>
public sealed class ManifestSourceTests : IDisposable
{
    private readonly ManifestFolder _manifests = new();

    public void Dispose() => _manifests.Dispose();

    [Fact]
    public async Task Images_that_a_CSV_names_are_embedded_and_its_other_columns_are_written_beside_them()
    {
        Folder.Draw("a b.png", 1);
        Folder.Draw("ü.png", 2);
        await _manifests.RunAsync(_manifests.Csv("id,path,title", "7,a b.png,\"One, \"\"two\"\"\n three\"", "8,ü.png,"));
        Assert.Equal(["a b.png", "ü.png"], (await Folder.RowsAsync(["id", "title"])).Select(r => r.Image));
        Assert.Equal([["7", "One, \"two\"\n three"], ["8", ""]], await _manifests.KeptAsync("id", "title"));
        await _manifests.RunAsync(_manifests.Csv("id,path,title", "7,a b.png,\"One, \"\"two\"\"\n three\"", "8,ü.png,"));
        Assert.Single(Folder.Files("outcomes"));
        using var store = new FolderStore(Folder.Out);
        Assert.Equal(
            ["hash", "id", "title"], (await Batch.Indexes.SwanIndexJobs.ReadSettingsAsync(store, Token)).Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task A_manifest_of_names_may_change_between_plan_and_work_and_what_was_planned_is_written()
    {
        Folder.Draw("a.png", 1);
        string manifest = _manifests.Csv("path,label", "a.png,roof");
        using (ManifestSource source = await _manifests.OpenAsync(manifest))
            await Folder.Job(o => o.Source = source).PlanAsync(cancellationToken: Token);
        _manifests.Csv("path,label", "a.png,road");
        using var store = new FolderStore(Folder.Out);
        BatchJobOptions options = await BatchJob.GetOptionsAsync(store, Token);
        File.Delete(manifest);
        using ImageSource again = options.SourceSettings!.Open(address => new FolderStore(address), _manifests.Web);
        (options.Images, options.Source, options.Model) = (null, again, Folder.Model);
        await new BatchJob(new Microsoft.ML.MLContext(), options).RunShardsAsync(cancellationToken: Token);
        Assert.Equal([["roof"]], await _manifests.KeptAsync("label"));
    }

    [Theory]
    [InlineData("a.png,roof\na.png,roof", null)]
    [InlineData("a.png,roof\nb.png,x\na.png,road", "'a.png' in line 4 and in line 2, but they differ in the column 'label'")]
    public async Task A_key_that_is_there_twice_is_one_image_or_an_error(string rows, string? expected)
    {
        Folder.Draw("a.png", 1);
        string manifest = _manifests.Csv("path,label", rows.Split('\n'));
        if (expected is null)
        {
            Assert.Equal(1, (await _manifests.RunAsync(manifest)).Rows);
            return;
        }
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => _manifests.RunAsync(manifest));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_of_a_manifest_with_a_root_do_not_lead_out_of_it()
    {
        Folder.Draw("a.png", 1);
        BatchReport report = await _manifests.RunAsync(_manifests.Csv("path", "a.png", "../model.swan", "/etc/passwd"));
        Assert.Equal((3, 2), (report.Rows, report.BadRows["OutsideFolder"]));
    }

    [Fact]
    public async Task A_shard_without_the_manifest_that_has_its_signatures_ends_at_once()
    {
        const string Secret = "sig=Zm9yYmlkZGVu";
        _manifests.Web.Put($"https://h/a.png?{Secret}", MadePictures.Of(1));
        string manifest = _manifests.Csv("url,label", $"https://h/a.png?{Secret},roof");
        using (ManifestSource source = await _manifests.OpenAsync(manifest))
            await Folder.Job(o => o.Source = source).PlanAsync(cancellationToken: Token);
        File.Delete(manifest);
        using var store = new FolderStore(Folder.Out);
        BatchJobOptions options = await BatchJob.GetOptionsAsync(store, Token);
        using ImageSource again = options.SourceSettings!.Open(address => new FolderStore(address), _manifests.Web);
        (options.Images, options.Source, options.Model) = (null, again, Folder.Model);
        var refused = await Assert.ThrowsAsync<SwanBatchException>(
            () => new BatchJob(new Microsoft.ML.MLContext(), options).RunShardsAsync(cancellationToken: Token));
        Assert.Contains($"'{manifest}' is not on this machine", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
        Assert.Empty(_manifests.Web.Opened);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BatchFolder Folder => _manifests.Folder;
}
