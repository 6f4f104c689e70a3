using CsCheck;
using Parquet;
using Swan.Batch.Indexes;
using Swan.Batch.Output;
using Swan.Batch.Stores;
using Swan.MLNet.Search;

namespace Swan.Batch.Tests.Output;

/// <summary>Jobs that write embeddings as float16.</summary>
public sealed class HalfPrecisionTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly MadeSource _source = new();

    public void Dispose()
    {
        _folder.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task Rows_are_those_of_float32_rounded_to_the_nearest_also_when_they_are_taken_over_and_compacted()
    {
        for (int i = 0; i < 5; i++) _source.Put($"{(char)('a' + i)}", MadePictures.Of(i));
        string single = _folder.File("single");
        await RunAsync(o => (o.Output, o.Precision) = (single, BatchPrecision.Single));
        await RunAsync();
        List<JobRow> expected = [.. (await BatchFolder.RowsAsync(single)).Select(Rounded)];
        Assert.Equal(expected.Select(r => r.Text), (await _folder.RowsAsync()).Select(r => r.Text));
        Assert.NotEqual(expected.Select(r => r.Text), (await BatchFolder.RowsAsync(single)).Select(r => r.Text));

        _source.Put("moved", MadePictures.Of(3));
        _source.Remove("d");
        BatchReport report = await RunAsync();
        Assert.Equal((1, 1, 1), (report.Rows, report.RowsReused, report.RowsGone));
        await AreAsync();
        using var store = new FolderStore(_folder.Out);
        await BatchJob.CompactAsync(store, cancellationToken: Token);
        await AreAsync();
        Assert.True(await IsHalfAsync(Assert.Single(_folder.Parquets)));

        async Task AreAsync() => Assert.Equal(
            expected.Select(r => r with { Image = r.Image == "d" ? "moved" : r.Image }).OrderBy(r => r.Image, StringComparer.Ordinal)
                .Select(r => r.Text), (await _folder.RowsAsync()).Select(r => r.Text));
    }

    [Fact]
    public async Task Indexes_take_the_rows_of_the_job_and_of_its_files()
    {
        for (int i = 0; i < 3; i++) _source.Put($"{(char)('a' + i)}", MadePictures.Of(i));
        await RunAsync();
        using var store = new FolderStore(_folder.Out);
        using SwanLiveIndex followed = SwanLiveIndex.Create(_folder.File("index"), await SwanIndexJobs.ReadSettingsAsync(store, Token)),
            made = SwanLiveIndex.Create(_folder.File("other"), await SwanIndexParquet.ReadSettingsAsync(_folder.Out, Token));
        using (SwanIndexWriter writer = followed.OpenWriter())
        {
            await SwanIndexJobs.UpdateAsync(writer, store, cancellationToken: Token);
            writer.Commit(Token);
        }
        using (SwanIndexWriter writer = made.OpenWriter())
        {
            await SwanIndexParquet.ImportAsync(writer, _folder.Out, cancellationToken: Token);
            writer.Commit(Token);
        }
        List<JobRow> rows = await _folder.RowsAsync();
        foreach (SwanLiveIndex index in (SwanLiveIndex[])[followed, made])
        {
            index.Verify();
            using SwanIndexSnapshot snapshot = index.Snapshot();
            Dictionary<string, float[]> held = snapshot.Rows().ToDictionary(r => r.Key, r => r.Embedding.ToArray());
            Assert.Equal(rows.Select(r => r.Image), held.Keys.Order(StringComparer.Ordinal));
            Assert.All(rows, row =>
            {
                double length = Math.Sqrt(row.Embedding.Sum(v => (double)v * v));
                Assert.All(row.Embedding.Zip(held[row.Image]), pair => Assert.Equal(pair.First / length, pair.Second, 1e-6));
            });
        }
    }

    [Fact]
    public async Task Shards_elsewhere_write_what_was_planned()
    {
        _source.Put("a", MadePictures.Of(1));
        await _folder.Job(Set).PlanAsync(cancellationToken: Token);
        using var store = new FolderStore(_folder.Out);
        BatchJobOptions options = await BatchJob.GetOptionsAsync(store, Token);
        Assert.Equal(BatchPrecision.Half, options.Precision);
        (options.Images, options.Source) = (null, _source);
        await new BatchJob(new(), options).RunShardsAsync(cancellationToken: Token);
        Assert.True(await IsHalfAsync(Assert.Single(_folder.Parquets)));
    }

    [Theory]
    [InlineData(BatchPrecision.Single, BatchPrecision.Half, "was float32, now float16")]
    [InlineData(BatchPrecision.Half, BatchPrecision.Single, "was float16, now float32")]
    public async Task A_job_keeps_its_precision(BatchPrecision first, BatchPrecision second, string difference)
    {
        _source.Put("a", MadePictures.Of(1));
        await RunAsync(o => o.Precision = first);
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => RunAsync(o => o.Precision = second));
        Assert.Contains($"the precision of embeddings: {difference}", refused.Message, StringComparison.Ordinal);
    }

    // The guide's figure, and BatchPrecision.Half's.
    private const double MostError = 0.0005;

    [Fact]
    public void A_cosine_is_off_by_less_than_the_guide_says() =>
        Gen.Select(Gen.Float[-1, 1].Array[2 * 257], Gen.Int[0, 8]).Sample((values, power) =>
        {
            // Some values much smaller than others, down to those below the least normal float16.
            float[] row = Unit([.. values.Take(257).Select((v, i) => i % 3 == 0 ? v * MathF.Pow(10, -power) : v)]);
            float[] query = Unit(values[257..]);
            float[] rounded = Rounded(row);
            return Math.Abs(Dot(row, query) - Dot(rounded, query)) < MostError
                && Math.Abs(Dot(row, query) - Dot(rounded, query) / Math.Sqrt(Dot(rounded, rounded))) < MostError
                && Math.Abs(Math.Sqrt(Dot(rounded, rounded)) - 1) < MostError;
        });

    [Fact]
    public void The_worst_row_and_query_come_near_to_what_the_guide_says()
    {
        // Next to the middles between float16s: half of the values are rounded up, and half of them down.
        float[] row = [.. Enumerable.Range(0, 256).Select(i => (1 + (i % 2 == 0 ? 0.99f : 1.01f) / 2048) / 16)];
        float[] rounded = Rounded(row), query = Unit([.. row.Zip(rounded, (a, b) => b - a)]);
        Assert.InRange(Math.Sqrt(Dot(row, row)), 0.999, 1.001);
        Assert.InRange(Math.Abs(Dot(row, query) - Dot(rounded, query)), 0.9 * MostError, MostError);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static JobRow Rounded(JobRow row) => row with { Embedding = Rounded(row.Embedding) };

    private static float[] Rounded(float[] values) => [.. values.Select(v => (float)(Half)v)];

    private static float[] Unit(float[] values)
    {
        double length = Math.Sqrt(Dot(values, values));
        return length == 0 ? [1, .. new float[values.Length - 1]] : [.. values.Select(v => (float)(v / length))];
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static async Task<bool> IsHalfAsync(string file)
    {
        await using ParquetReader reader = await RowsFile.OpenAsync(file, Token);
        return Float16Field.Is(reader.Schema.GetDataFields().Single(f => f.Path.FirstPart == "embedding"));
    }

    private Task<BatchReport> RunAsync(Action<BatchJobOptions>? set = null) => _folder.RunAsync(o =>
    {
        Set(o);
        set?.Invoke(o);
    });

    private void Set(BatchJobOptions options) => (options.Source, options.Precision) = (_source, BatchPrecision.Half);
}
