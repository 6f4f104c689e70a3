using Microsoft.ML;
using Microsoft.ML.Data;
using Parquet;
using Parquet.Schema;
using Swan.Batch.Output;

namespace Swan.Batch.Tests.Jobs;

/// <summary>Jobs with steps after the embedding, through the library itself.</summary>
public sealed class StepsTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Columns_of_any_supported_type_are_written_under_their_own_names()
    {
        string[] names = _folder.Draw(5);
        BatchSteps steps = Steps("all-1", "text", "flag", "number", "single", "twice");
        BatchReport report = await Job([.. names, "002-missing.png"], steps).RunAsync(
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((6, 1), (report.Rows, report.BadRows["Missing"]));
        Assert.True(report.HasTooManyBadRows);

        List<JobRow> plain = await Plain(names);
        await using ParquetReader reader =
            await ParquetReader.CreateAsync(_folder.Parquets[0], cancellationToken: TestContext.Current.CancellationToken);
        DataField[] fields = reader.Schema.GetDataFields();
        Assert.Equal(
            ["row", "image", "hash", "text", "flag", "number", "single", "twice/list/element"], fields.Select(f => f.Path.ToString()));
        Assert.Equal("all-1", reader.CustomMetadata["swan.steps"]);
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        var texts = new string[5];
        await group.ReadAsync(fields[3], texts);
        bool[] flags = await Read<bool>(group, fields[4], 5);
        long[] numbers = await Read<long>(group, fields[5], 5);
        float[] singles = await Read<float>(group, fields[6], 5);
        float[] twice = new float[5 * TinyModel.EmbeddingSize];
        await group.ReadRawAsync<float>(fields[7], twice, new int[twice.Length], new int[twice.Length]);
        // The third row is the missing image's.
        long[] rows = [0, 1, 3, 4, 5];
        Assert.Equal(rows.Select(r => $"row {r}"), texts);
        Assert.Equal(rows.Select(r => r % 2 == 0), flags);
        Assert.Equal(rows.Select(r => r * 10), numbers);
        Assert.Equal(plain.Select(r => r.Embedding[0]), singles);
        Assert.Equal(plain.SelectMany(r => r.Embedding).Select(v => 2 * v), twice);
    }

    [Theory]
    [InlineData("steps-2", "text", "the steps after the embedding: was steps-1, now steps-2")]
    [InlineData("steps-1", "flag", "the columns: was [\"text\"], now [\"flag\"]")]
    public async Task Rows_of_other_steps_are_left_alone(string version, string column, string difference)
    {
        string[] names = _folder.Draw(2);
        await Job(names, Steps("steps-1", "text")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() =>
            Job(names, Steps(version, column)).RunAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.False(refused.CanRetry);
        Assert.Contains(difference, refused.Message, StringComparison.Ordinal);
        BatchReport again = await Job(names, Steps("steps-1", "text")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0, 2), (again.Rows, again.RowsUnchanged));
    }

    [Theory]
    [InlineData(BatchPrecision.Single)]
    [InlineData(BatchPrecision.Half)]
    public async Task Steps_get_the_vector_that_a_content_had_under_another_name(BatchPrecision precision)
    {
        string[] names = _folder.Draw(2);
        BatchSteps Again() => Steps("1", "embedding", "twice");
        await Job(names, Again(), precision: precision).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        File.Copy(Path.Combine(_folder.Images, names[1]), Path.Combine(_folder.Images, "copy.png"));
        File.Copy(Path.Combine(_folder.Images, names[1]), Path.Combine(_folder.Images, "copy-2.png"));
        BatchReport report = await Job([.. names, "copy.png", "copy-2.png"], Again(), precision: precision)
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((2, 2), (report.Rows, report.RowsReused));

        await using ParquetReader before = await RowsFile.OpenAsync(_folder.Parquets[0], TestContext.Current.CancellationToken),
            after = await RowsFile.OpenAsync(_folder.Parquets[1], TestContext.Current.CancellationToken);
        using ParquetRowGroupReader first = before.OpenRowGroupReader(0), second = after.OpenRowGroupReader(0);
        foreach (DataField field in before.Schema.GetDataFields().Where(f => f.MaxRepetitionLevel == 1))
        {
            float[] expected = await FloatLists.ReadAsync(first, field, TestContext.Current.CancellationToken);
            float[] found = await FloatLists.ReadAsync(second, field, TestContext.Current.CancellationToken);
            float[] one = expected[TinyModel.EmbeddingSize..];
            Assert.Equal([.. one, .. one], found);
        }
    }

    [Theory]
    [InlineData("nowhere", "which the pipeline doesn't return. It returns: row, image, hash, embedding")]
    [InlineData("key", "MapKeyToValue")]
    public async Task A_column_that_can_not_be_written_is_refused_before_anything_is(string column, string message)
    {
        var steps = new BatchSteps
        {
            Version = "1", Create = rows => _ml.Transforms.Conversion.MapValueToKey("key", "image").Fit(rows), Columns = [column],
        };
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() =>
            Job(_folder.Draw(1), steps).RunAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Out));
    }

    [Fact]
    public async Task Steps_that_leave_out_rows_are_a_defect_and_leave_no_file()
    {
        var steps = new BatchSteps
        {
            Version = "1", Create = rows => new Filtered(_ml), Columns = ["embedding"],
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Job(_folder.Draw(2), steps).RunAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(_folder.Parquets);
        Assert.Empty(_folder.Temporaries);
    }

    [Fact]
    public async Task Progress_counts_every_row_and_names_every_shard()
    {
        var seen = new List<BatchProgress>();
        string[] names = _folder.Draw(7);
        await Job(names, steps: null).RunAsync(new Listener(seen), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, 7).Select(i => (long)i), seen.Where(p => p.Message is null).Select(p => p.RowsDone).Distinct());
        Assert.Equal(
            [(0, 3L, false), (1, 4L, false)],
            seen.Select(p => p.Shard).OfType<BatchShard>().Select(s => (s.Number, s.Rows, s.IsFromBefore)));
        Assert.Contains(seen, p => p.Message?.Contains("7 images, model 'tiny'", StringComparison.Ordinal) == true);

        seen.Clear();
        BatchReport again = await Job(names, steps: null).RunShardsAsync(null, new Listener(seen), TestContext.Current.CancellationToken);
        Assert.Equal(7, again.RowsFromBefore);
        Assert.Equal(2, seen.Count(p => p.Shard is not null));
        Assert.All(seen.Select(p => p.Shard).OfType<BatchShard>(), s => Assert.True(s.IsFromBefore));
        Assert.Equal(7, seen[^1].RowsDone);
    }

    private BatchJob Job(
        string[] lines, BatchSteps? steps, string? output = null, BatchPrecision precision = BatchPrecision.Single) =>
        _ml.Swan().Batch(new BatchJobOptions
        {
            Model = _folder.Model, List = _folder.List(lines), Root = _folder.Images, Output = output ?? _folder.Out,
            RowsPerShard = 6, Steps = steps, Precision = precision,
        });

    private BatchSteps Steps(string version, params string[] columns) => new()
    {
        Version = version, Columns = columns,
        Create = rows => _ml.Transforms.CustomMapping<Embedded, Derived>(Derive, contractName: null).Fit(rows),
    };

    private static void Derive(Embedded from, Derived to) => (to.Text, to.Flag, to.Number, to.Single, to.Twice) =
        ($"row {from.Row}", from.Row % 2 == 0, from.Row * 10, from.Embedding[0], Array.ConvertAll(from.Embedding, v => 2 * v));

    private async Task<List<JobRow>> Plain(string[] names)
    {
        await Job(names, steps: null, _folder.File("plain")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        return await BatchFolder.RowsAsync(_folder.File("plain"));
    }

    private static async Task<T[]> Read<T>(ParquetRowGroupReader group, DataField field, int count) where T : struct
    {
        var values = new T[count];
        await group.ReadAsync<T>(field, values);
        return values;
    }

    private sealed class Embedded
    {
        [ColumnName("row")] public long Row { get; set; }

        [ColumnName("embedding"), VectorType(TinyModel.EmbeddingSize)] public float[] Embedding { get; set; } = [];
    }

    private sealed class Derived
    {
        [ColumnName("text")] public string Text { get; set; } = "";

        [ColumnName("flag")] public bool Flag { get; set; }

        [ColumnName("number")] public long Number { get; set; }

        [ColumnName("single")] public float Single { get; set; }

        [ColumnName("twice"), VectorType(TinyModel.EmbeddingSize)] public float[] Twice { get; set; } = [];
    }

    private sealed class Filtered(MLContext ml) : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => ml.Data.TakeRows(input, 1);

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
