using Parquet;
using Parquet.Schema;
using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Sources;

/// <summary>What manifests say of images beside their names.</summary>
public sealed class ManifestValuesTests : IDisposable
{
    private readonly ManifestFolder _manifests = new();

    public void Dispose() => _manifests.Dispose();

    [Fact]
    public async Task Values_of_Parquet_keep_their_types_and_may_be_missing()
    {
        string[] images = Folder.Draw(2);
        DateTime time = new(2026, 11, 29, 12, 34, 56, 789, DateTimeKind.Utc);
        DataField[] fields =
        [
            new DataField<string>("path", nullable: false), new DataField<string>("text"), new DataField<bool>("bool", nullable: true),
            new DataField<int>("int", nullable: true), new DataField<long>("long"), new DataField<float>("float"),
            new DataField<double>("double", nullable: true),
            new DateTimeDataField(
                "micros", DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: true),
            new DateTimeDataField("millis", DateTimeFormat.Timestamp, isAdjustedToUTC: false, unit: DateTimeTimeUnit.Millis),
            new DateTimeDataField("day", DateTimeFormat.Date), new DataField<byte>("small"), new DataField<decimal>("money"),
        ];
        string manifest = await _manifests.ParquetAsync(fields, async group =>
        {
            await group.WriteAsync(fields[0], images);
            await group.WriteAsync(fields[1], (string[])["é", null!]);
            await group.WriteAsync<bool>(fields[2], new bool?[] { true, null });
            await group.WriteAsync<int>(fields[3], new int?[] { null, int.MinValue });
            await group.WriteAsync<long>(fields[4], new[] { long.MaxValue, 0 });
            await group.WriteAsync<float>(fields[5], new[] { 0.1f, float.NaN });
            await group.WriteAsync<double>(fields[6], new double?[] { 1e300, null });
            await group.WriteAsync<DateTime>(fields[7], new DateTime?[] { time.AddTicks(10), null });
            await group.WriteAsync<DateTime>(fields[8], new[] { time, time });
            await group.WriteAsync<DateTime>(fields[9], new[] { time.Date, time.Date });
            await group.WriteAsync<byte>(fields[10], new byte[] { 255, 0 });
            await group.WriteAsync<decimal>(fields[11], new[] { 1m, 2m });
        });
        using ManifestSource source = await _manifests.OpenAsync(manifest);
        await Folder.RunAsync(o => o.Source = source);
        Assert.Contains("1 column of", source.Remark, StringComparison.Ordinal);
        Assert.Contains("money", source.Remark, StringComparison.Ordinal);

        await CheckAsync();
        using var store = new FolderStore(Folder.Out);
        await BatchJob.CompactAsync(store, cancellationToken: Token);
        await CheckAsync();

        async Task CheckAsync()
        {
            await using ParquetReader reader = await ParquetReader.CreateAsync(Assert.Single(Folder.Parquets));
            Assert.Equal(
                ["row", "image", "hash", "embedding", "text", "bool", "int", "long", "float", "double", "micros", "millis", "day", "small"],
                reader.Schema.Fields.Select(f => f.Name));
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
            var micros = (DateTimeDataField)reader.Schema.FindDataField("micros");
            var millis = (DateTimeDataField)reader.Schema.FindDataField("millis");
            Assert.Equal((true, DateTimeTimeUnit.Micros, false, DateTimeTimeUnit.Millis),
                (micros.IsAdjustedToUTC, micros.Unit, millis.IsAdjustedToUTC, millis.Unit));
            object?[][] expected =
            [
                ["é", null], [true, null], [null, int.MinValue], [long.MaxValue, 0L], [0.1f, float.NaN], [1e300, null],
                [time.AddTicks(10), null], [time, time], [time.Date, time.Date], [255, 0],
            ];
            string[] names = [.. reader.Schema.Fields.Skip(4).Select(f => f.Name)];
            for (int i = 0; i < names.Length; i++)
                Assert.Equal(expected[i], await ParquetValues.ReadAsync(group, reader.Schema.FindDataField(names[i]), Token));
        }
    }

    [Fact]
    public async Task A_value_that_changes_makes_a_new_row_without_reading_or_embedding_the_image_again()
    {
        _manifests.Web.Put("https://h/a.png?s=1", MadePictures.Of(1));
        _manifests.Web.Put("https://h/b.png?s=2", MadePictures.Of(2));
        string[] lines = ["https://h/a.png?s=1,roof", "https://h/b.png?s=2,road"];
        await _manifests.RunAsync(_manifests.Csv("url,label", lines));
        List<JobRow> before = await Folder.RowsAsync(["label"]);
        _manifests.Web.Opened.Clear();
        lines[1] = "https://h/b.png?s=2,river";
        BatchReport report = await _manifests.RunAsync(_manifests.Csv("url,label", lines));
        Assert.Equal((2, 1, 1, 1), (report.Run, report.Rows, report.RowsReused, report.RowsUnchanged));
        Assert.Empty(_manifests.Web.Opened);
        Assert.Equal([["roof"], ["river"]], await _manifests.KeptAsync("label"));
        Assert.Equal(before.Select(r => r.Text), (await Folder.RowsAsync(["label"])).Select(r => r.Text));

        // The image and its value.
        _manifests.Web.Put("https://h/b.png?s=2", MadePictures.Of(3));
        lines[1] = "https://h/b.png?s=2,lake";
        BatchReport both = await _manifests.RunAsync(_manifests.Csv("url,label", lines));
        Assert.Equal((1, 0), (both.Rows, both.RowsReused));
        Assert.Equal([["roof"], ["lake"]], await _manifests.KeptAsync("label"));

        // One column more is another row of each.
        report = await _manifests.RunAsync(_manifests.Csv("url,label,year", [.. lines.Select(line => line + ",2026")]));
        Assert.Equal((2, 2), (report.Rows, report.RowsReused));
        Assert.Equal([["roof", "2026"], ["lake", "2026"]], await _manifests.KeptAsync("label", "year"));
        _manifests.Web.Opened.Clear();
        await _manifests.RunAsync(_manifests.Csv("url,label,year", [.. lines.Select(line => line + ",2027")]), set: o => o.Verify = true);
        Assert.Equal(2, _manifests.Web.Opened.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Values_in_a_structure_that_may_be_missing_stay_in_their_rows(bool mayLack)
    {
        string[] images = Folder.Draw(5);
        var path = new DataField<string>("path", nullable: false);
        var number = new DataField<int>("number", mayLack);
        var text = new DataField<string>("text", mayLack);
        var bytes = new DataField<byte[]>("bytes", mayLack);
        string manifest = Folder.File("manifest.parquet");
        await using (FileStream file = File.Create(manifest))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(path, new StructField("of", number, text, bytes)), file))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(path, images);
            // The structure is missing in row 1, and the value in row 2 where it may be.
            int[] levels = mayLack ? [2, 0, 1, 2, 2] : [1, 0, 0, 1, 1];
            await group.WriteAllPartsAsync<int>(number, new[] { 10, 13, 14 }, levels, null, Token);
            await group.WriteAllPartsAsync<ReadOnlyMemory<char>>(
                text, new[] { "a".AsMemory(), "d".AsMemory(), "e".AsMemory() }, levels, null, Token);
            await group.WriteAllPartsAsync<ReadOnlyMemory<byte>>(
                bytes, new ReadOnlyMemory<byte>[] { MadePictures.Of(0), MadePictures.Of(3), MadePictures.Of(4) }, levels, null, Token);
        }
        var columns = new ManifestColumns { Path = "path", Keep = ["of.number", "of.text"] };
        using (ManifestSource source = await _manifests.OpenAsync(manifest, columns))
        {
            List<SourceImage> listed = await source.ListAsync(Token).ToListAsync(Token);
            Assert.Equal(
                [["10", "a"], [null, null], [null, null], ["13", "d"], ["14", "e"]],
                listed.OrderBy(image => image.Key, StringComparer.Ordinal).Select(image => image.Values));
        }
        BatchReport report = await _manifests.RunAsync(manifest, new ManifestColumns { Bytes = "of.bytes", Key = "path", Keep = [] });
        Assert.Equal((5, 2), (report.Rows, report.BadRows["Empty"]));
        string?[] expected = [Hash(0), null, null, Hash(3), Hash(4)];
        Assert.Equal(expected, (await Folder.RowsAsync()).Select(row => row.Hash));

        string Hash(int seed) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(MadePictures.Of(seed)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BatchFolder Folder => _manifests.Folder;
}
