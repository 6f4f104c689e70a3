using System.Text.Json.Nodes;
using Microsoft.ML;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.Batch.Tests.Jobs;

/// <summary>Satellite images in a job: their range is the job's, and those without data are bad rows.</summary>
public sealed class RangeTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_embeds_in_its_range_and_names_images_without_data()
    {
        Write("deep.tif", new WrittenTiff(16, 16, 4, 16, (x, y, band) => 100 * x + 60 * y + 250 * band));
        Write("empty.tif", new WrittenTiff(16, 16, 4, 16, (x, y, _) => x + y > 2 ? 0 : 100) { NoData = "0" });
        BatchJobOptions options = Options();

        BatchReport report = await new MLContext().Swan().Batch(options).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("NoData", 1), report.BadRows.Select(b => (b.Key, (int)b.Value)).Single());
        using SwanModel model = SwanModel.Open(_folder.Model, new()
        {
            Decoding = new() { Range = options.Range, Bands = options.Bands, MinValidShare = options.MinValidShare },
        });
        JobRow found = Assert.Single(await _folder.RowsAsync(), r => r.Fault is null);
        Assert.Equal(model.EmbedImage(Path.Combine(_folder.Images, "deep.tif")), found.Embedding);
        JsonNode settings = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Out, "job.json")))!;
        Assert.Equal(("values 0 3000", "3,2,1", 0.2),
            ((string?)settings["range"], (string?)settings["bands"], (double?)settings["minValidShare"]));
    }

    [Fact]
    public async Task The_same_job_goes_on_and_one_of_another_range_is_refused()
    {
        Write("deep.tif", new WrittenTiff(16, 16, 4, 16, (x, y, band) => 100 * x + 60 * y + 250 * band));
        await RunAsync(Options());

        Assert.Equal(1, (await RunAsync(Options())).RowsUnchanged);
        BatchJobOptions other = Options();
        other.Range = SampleRange.Values(0, 4000);
        string message = (await Assert.ThrowsAsync<SwanBatchException>(() => RunAsync(other))).Message;
        Assert.Contains("was values 0 3000, now values 0 4000", message, StringComparison.Ordinal);
    }

    private static Task<BatchReport> RunAsync(BatchJobOptions options) =>
        new MLContext().Swan().Batch(options).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

    private BatchJobOptions Options() => new()
    {
        Model = _folder.Model,
        Images = _folder.Images,
        Output = _folder.Out,
        Range = SampleRange.Values(0, 3000),
        Bands = [3, 2, 1],
        MinValidShare = 0.2,
        MaxBadShare = 1,
        BatchSize = 1,
    };

    private void Write(string name, WrittenTiff tiff)
    {
        Directory.CreateDirectory(_folder.Images);
        File.WriteAllBytes(Path.Combine(_folder.Images, name), tiff.Write());
    }
}
