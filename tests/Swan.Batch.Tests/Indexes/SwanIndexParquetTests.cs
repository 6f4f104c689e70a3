using Microsoft.ML;
using Parquet;
using Parquet.Schema;
using Swan.Batch.Indexes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.Batch.Tests.Indexes;

public sealed class SwanIndexParquetTests : IDisposable
{
    private static readonly SwanColumn[] s_columns =
    [
        new("text", SwanColumnType.Text), new("number", SwanColumnType.Number), new("date", SwanColumnType.Date),
        new("flag", SwanColumnType.Boolean), new("point", SwanColumnType.Point), new("box", SwanColumnType.Box),
    ];

    private static readonly ModelIdentity s_model = new("tiny", "abc");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_index_of_an_export_has_the_same_rows()
    {
        using SwanLiveIndex index = Create("index", s_model);
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("a/1.png", [1, 2, 3], Values("ä, \"x\"", -0.5, new DateTime(2025, 1, 31, 12, 0, 0, 1, DateTimeKind.Utc), true,
                new SwanPoint(12.5, -48), new SwanBox(0, 1, 2.25, 3)));
            writer.Upsert("missing", [3, 2, 1]);
            writer.Upsert("empty", [0, 0, 1], Values("", 0, DateTime.UnixEpoch, false, new SwanPoint(0, 0), new SwanBox(0, 0, 0, 0)));
            writer.Commit(Token);
        }
        string file = _folder.File("export.parquet");
        using (SwanIndexSnapshot snapshot = index.Snapshot()) await SwanIndexParquet.SaveAsync(snapshot, file, cancellationToken: Token);

        SwanIndexSettings settings = await SwanIndexParquet.ReadSettingsAsync(file, Token);
        Assert.Equal((3, s_model), (settings.EmbeddingSize, settings.Model));
        using SwanLiveIndex copy = SwanLiveIndex.Create(_folder.File("copy"), settings);
        Assert.Equal(new SwanIndexChanges(3, 0, 0, 0), await Import(copy, file));
        Assert.Equal(s_columns, copy.Columns);
        Assert.Equal(RowsOf(index), RowsOf(copy));
        Assert.Equal(new SwanIndexChanges(0, 0, 3, 0), await Import(copy, file));
    }

    [Fact]
    public async Task DuckDB_reads_an_export_and_finds_rows_by_their_dates()
    {
        using SwanLiveIndex index = Create("index", s_model);
        DateTime date = new(2025, 1, 31, 12, 0, 0, 1, DateTimeKind.Utc);
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("a", [1, 0, 0], Values("", 0, date, false, new SwanPoint(0, 0), new SwanBox(0, 0, 0, 0)));
            writer.Upsert("b", [0, 1, 0], Values("", 0, date.AddTicks(10), false, new SwanPoint(0, 0), new SwanBox(0, 0, 0, 0)));
            writer.Commit(Token);
        }
        string file = _folder.File("export.parquet");
        using (SwanIndexSnapshot snapshot = index.Snapshot()) await SwanIndexParquet.SaveAsync(snapshot, file, cancellationToken: Token);
        using var duck = new DuckDb();
        Assert.Equal(
            ["image VARCHAR", "embedding FLOAT[]", "text VARCHAR", "number DOUBLE", "date TIMESTAMP WITH TIME ZONE", "flag BOOLEAN",
                "point VARCHAR", "box VARCHAR"],
            duck.Rows($"DESCRIBE SELECT * FROM '{file}'").Select(r => $"{r[0]} {r[1]}"));
        Assert.Equal(["b"], duck.Rows($"SELECT image FROM '{file}' WHERE date > '2025-01-31 12:00:00.001'").Single());
        Assert.Equal(["a"], duck.Rows($"SELECT image FROM '{file}' WHERE date = '2025-01-31 12:00:00.001'").Single());
        Assert.Equal(new List<float> { 1, 0, 0 }, duck.Rows($"SELECT embedding FROM '{file}' WHERE image = 'a'").Single()[0]);
        await using ParquetReader reader = await ParquetReader.CreateAsync(file, cancellationToken: Token);
        Assert.Contains("ARROW:schema", reader.CustomMetadata.Keys);
    }

    [Fact]
    public async Task A_column_named_row_comes_back()
    {
        var row = new SwanColumn("row", SwanColumnType.Number);
        using SwanLiveIndex index = SwanLiveIndex.Create(_folder.File("index"), new SwanIndexSettings(1) { Columns = [row] });
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("a", [1], new Dictionary<string, object?> { ["row"] = 7.0 });
            writer.Commit(Token);
        }
        string file = _folder.File("export.parquet");
        using (SwanIndexSnapshot snapshot = index.Snapshot()) await SwanIndexParquet.SaveAsync(snapshot, file, cancellationToken: Token);
        using SwanLiveIndex copy = SwanLiveIndex.Create(_folder.File("copy"), await SwanIndexParquet.ReadSettingsAsync(file, Token));
        await Import(copy, file);
        Assert.Equal([row], copy.Columns);
        Assert.True(copy.TryGet("a", out SwanRow? there));
        Assert.Equal(7.0, there.Values["row"]);
    }

    [Fact]
    public async Task Rows_of_a_batch_job_become_an_index_of_its_images()
    {
        using var job = new BatchFolder();
        string[] names = job.Draw(5);
        await new MLContext(1).Swan().Batch(new BatchJobOptions
        {
            Model = job.Model, Images = job.Images, Output = job.Out, RowsPerShard = 2, Device = SwanDevice.Cpu,
        }).RunAsync(cancellationToken: Token);
        using SwanLiveIndex index = SwanLiveIndex.Create(
            _folder.File("index"), await SwanIndexParquet.ReadSettingsAsync(job.Out, Token));
        Assert.Equal(5, (await Import(index, job.Out)).Added);
        Assert.Equal("tiny", index.Model?.Name);
        foreach (JobRow image in await job.RowsAsync())
        {
            Assert.True(index.TryGet(image.Image, out SwanRow? row));
            Assert.Equal(image.Embedding, row.Embedding.ToArray());
        }
        Assert.Equal(names, index.Snapshot().Keys().Order());
    }

    [Fact]
    public async Task Files_of_others_bring_what_a_column_can_hold()
    {
        string file = _folder.File("other.parquet");
        var key = new DataField<string>("key", nullable: false);
        var level = new DataField<int>("level");
        var odd = new DataField<string>("two words");
        var element = new DataField<float>("element");
        var schema = new ParquetSchema(key, level, odd, new ListField("vector", element));
        await using (FileStream stream = File.Create(file))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: Token))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(key, ["a", "a"]);
            await group.WriteAsync<int>(level, new[] { 1, 2 }, cancellationToken: Token);
            await group.WriteAsync(odd, ["x", "y"]);
            int full = element.MaxDefinitionLevel;
            await group.WriteAllPartsAsync<float>(
                element, new float[] { 1, 0, 0, 1 }, new[] { full, full, full, full }, new[] { 0, 1, 0, 1 }, Token);
        }
        using SwanLiveIndex index = SwanLiveIndex.Create(_folder.File("index"), await SwanIndexParquet.ReadSettingsAsync(file, Token));
        Assert.Equal([new SwanColumn("level", SwanColumnType.Number)], index.Columns);
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => Import(index, file));
        Assert.Contains("Rows 0 and 1 have the same key, 'a'", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await Import(index, file, SwanDuplicateKeys.Number)).Added);
        Assert.True(index.TryGet("a#2", out SwanRow? second));
        Assert.Equal(2.0, second.Values["level"]);
    }

    [Fact]
    public async Task Rows_of_another_model_or_size_are_refused()
    {
        using SwanLiveIndex index = Create("index", s_model);
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("a", [1, 0, 0]);
            writer.Commit(Token);
        }
        string file = _folder.File("export.parquet");
        using (SwanIndexSnapshot snapshot = index.Snapshot()) await SwanIndexParquet.SaveAsync(snapshot, file, cancellationToken: Token);
        using SwanLiveIndex other = Create("other", new ModelIdentity("other", "f00"));
        await Assert.ThrowsAsync<SwanMismatchException>(() => Import(other, file));
        using SwanLiveIndex longer = SwanLiveIndex.Create(_folder.File("longer"), new SwanIndexSettings(4));
        await Assert.ThrowsAsync<SwanMismatchException>(() => Import(longer, file));
        Assert.Equal((0, 0), (other.Count, longer.Count));
    }

    [Fact]
    public async Task Rows_of_other_bands_are_refused()
    {
        using SwanLiveIndex index = SwanLiveIndex.Create(
            _folder.File("index"), new SwanIndexSettings(3) { GivenRange = GivenRange.Of(new ImageDecodingOptions { Bands = [4, 3, 2] }) });
        string file = _folder.File("export.parquet");
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("a", [1, 0, 0]);
            writer.Commit(Token);
        }
        using (SwanIndexSnapshot snapshot = index.Snapshot()) await SwanIndexParquet.SaveAsync(snapshot, file, cancellationToken: Token);
        Assert.Equal("4,3,2", (await SwanIndexParquet.ReadSettingsAsync(file, Token)).GivenRange?.Samples?.BandsText);
        using SwanLiveIndex other = SwanLiveIndex.Create(
            _folder.File("other"), new SwanIndexSettings(3) { GivenRange = GivenRange.Of(new ImageDecodingOptions()) });
        await Assert.ThrowsAsync<SwanMismatchException>(() => Import(other, file));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(-30)]
    public async Task A_damaged_file_is_named(int cut)
    {
        using SwanLiveIndex index = Create("index", null);
        string file = _folder.File("export.parquet");
        using (SwanIndexSnapshot snapshot = index.Snapshot()) await SwanIndexParquet.SaveAsync(snapshot, file, cancellationToken: Token);
        byte[] bytes = await File.ReadAllBytesAsync(file, Token);
        await File.WriteAllBytesAsync(file, cut >= 0 ? bytes[..cut] : [.. bytes[..^-cut], .. new byte[-cut]], Token);
        SwanFormatException e = await Assert.ThrowsAsync<SwanFormatException>(() => Import(index, file));
        Assert.Contains("export.parquet", e.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SwanLiveIndex Create(string name, ModelIdentity? model) =>
        SwanLiveIndex.Create(_folder.File(name), new SwanIndexSettings(3) { Model = model, Columns = s_columns });

    private static async Task<SwanIndexChanges> Import(
        SwanLiveIndex index, string file, SwanDuplicateKeys duplicates = SwanDuplicateKeys.Refuse)
    {
        using SwanIndexWriter writer = index.OpenWriter();
        SwanIndexChanges changes = await SwanIndexParquet.ImportAsync(writer, file, duplicates, cancellationToken: Token);
        writer.Commit(Token);
        return changes;
    }

    private static Dictionary<string, object?> Values(params object?[] values) =>
        s_columns.Zip(values).ToDictionary(pair => pair.First.Name, pair => pair.Second);

    private static string[] RowsOf(SwanLiveIndex index)
    {
        using SwanIndexSnapshot snapshot = index.Snapshot();
        return
        [
            .. snapshot.Rows().Select(row => $"{row.Key}: {string.Join(' ', row.Embedding.ToArray())} "
                + string.Join(", ", s_columns.Select(c => $"{row.Values[c.Name] ?? "missing"}"))),
        ];
    }
}
