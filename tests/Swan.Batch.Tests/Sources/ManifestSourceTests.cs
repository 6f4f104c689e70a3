using Parquet;
using Parquet.Schema;
using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Sources;

public sealed class ManifestSourceTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly MadeStore _web = new();

    public void Dispose()
    {
        _folder.Dispose();
        _web.Dispose();
    }

    [Fact]
    public async Task Images_that_a_CSV_names_are_embedded_and_its_other_columns_are_written_beside_them()
    {
        _folder.Draw("a b.png", 1);
        _folder.Draw("ü.png", 2);
        await RunAsync(Csv("id,path,title", "7,a b.png,\"One, \"\"two\"\"\n three\"", "8,ü.png,"));
        Assert.Equal(["a b.png", "ü.png"], (await _folder.RowsAsync(["id", "title"])).Select(r => r.Image));
        Assert.Equal([["7", "One, \"two\"\n three"], ["8", ""]], await KeptAsync("id", "title"));
        await RunAsync(Csv("id,path,title", "7,a b.png,\"One, \"\"two\"\"\n three\"", "8,ü.png,"));
        Assert.Single(_folder.Files("outcomes"));
        using var store = new FolderStore(_folder.Out);
        Assert.Equal(
            ["hash", "id", "title"], (await Batch.Indexes.SwanIndexJobs.ReadSettingsAsync(store, Token)).Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task Images_may_be_in_a_structure_as_data_sets_of_Hugging_Face_have_them()
    {
        var bytes = new DataField<byte[]>("bytes", nullable: true);
        var path = new DataField<string>("path", nullable: true);
        var label = new DataField<long>("label");
        string manifest = _folder.File("manifest.parquet");
        await using (FileStream file = File.Create(manifest))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(new StructField("image", bytes, path), label), file))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(bytes, (byte[][])[MadePictures.Of(1), MadePictures.Of(2)]);
            await group.WriteAsync(path, (string[])["b.png", "a.png"]);
            await group.WriteAsync<long>(label, new[] { 5L, 6L });
        }
        BatchReport report = await RunAsync(manifest, new ManifestColumns { Bytes = "image.bytes", Key = "image.path" });
        Assert.Equal((2, 0), (report.Rows, report.BadRows.Count));
        Assert.Equal(["a.png", "b.png"], (await _folder.RowsAsync(["label"])).Select(r => r.Image));
    }

    [Fact]
    public async Task Values_of_Parquet_keep_their_types_and_may_be_missing()
    {
        string[] images = _folder.Draw(2);
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
        string manifest = await ParquetAsync(fields, async group =>
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
        using ManifestSource source = await OpenAsync(manifest);
        await _folder.RunAsync(o => o.Source = source);
        Assert.Contains("1 column of", source.Remark, StringComparison.Ordinal);
        Assert.Contains("money", source.Remark, StringComparison.Ordinal);

        await CheckAsync();
        using var store = new FolderStore(_folder.Out);
        await BatchJob.CompactAsync(store, cancellationToken: Token);
        await CheckAsync();

        async Task CheckAsync()
        {
            await using ParquetReader reader = await ParquetReader.CreateAsync(Assert.Single(_folder.Parquets));
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
        _web.Put("https://h/a.png?s=1", MadePictures.Of(1));
        _web.Put("https://h/b.png?s=2", MadePictures.Of(2));
        string[] lines = ["https://h/a.png?s=1,roof", "https://h/b.png?s=2,road"];
        await RunAsync(Csv("url,label", lines));
        List<JobRow> before = await _folder.RowsAsync(["label"]);
        _web.Opened.Clear();
        lines[1] = "https://h/b.png?s=2,river";
        BatchReport report = await RunAsync(Csv("url,label", lines));
        Assert.Equal((2, 1, 1, 1), (report.Run, report.Rows, report.RowsReused, report.RowsUnchanged));
        Assert.Empty(_web.Opened);
        Assert.Equal([["roof"], ["river"]], await KeptAsync("label"));
        Assert.Equal(before.Select(r => r.Text), (await _folder.RowsAsync(["label"])).Select(r => r.Text));

        // The image and its value.
        _web.Put("https://h/b.png?s=2", MadePictures.Of(3));
        lines[1] = "https://h/b.png?s=2,lake";
        Assert.Equal((1, 0), ((await RunAsync(Csv("url,label", lines))) is var both ? (both.Rows, both.RowsReused) : default));
        Assert.Equal([["roof"], ["lake"]], await KeptAsync("label"));

        // One column more is another row of each.
        report = await RunAsync(Csv("url,label,year", [.. lines.Select(line => line + ",2026")]));
        Assert.Equal((2, 2), (report.Rows, report.RowsReused));
        Assert.Equal([["roof", "2026"], ["lake", "2026"]], await KeptAsync("label", "year"));
        _web.Opened.Clear();
        await RunAsync(Csv("url,label,year", [.. lines.Select(line => line + ",2027")]), set: o => o.Verify = true);
        Assert.Equal(2, _web.Opened.Count);
    }

    [Fact]
    public async Task Images_may_be_in_a_column_of_Parquet_and_each_row_group_is_read_once()
    {
        string manifest = await BytesAsync([("c", 1, "x"), ("a", 2, "y"), ("e", -1, "n")], [("d", 3, "z"), ("b", 2, "y")]);
        var store = new WatchedStore(Path.GetDirectoryName(manifest)!);
        using ManifestSource source = await ManifestSource.OpenAsync(store, Path.GetFileName(manifest), cancellationToken: Token);
        BatchReport report = await _folder.RunAsync(o => (o.Source, o.Shards) = (source, 2));
        Assert.Equal((5, 1), (report.Rows, report.BadRows["Empty"]));
        List<JobRow> rows = await _folder.RowsAsync(["label"]);
        Assert.Equal(["a", "b", "c", "d", "e"], rows.Select(r => r.Image));
        Assert.Equal(rows[0].Embedding, rows[1].Embedding);
        Assert.Equal([["y"], ["y"], ["x"], ["z"]], await KeptAsync("label"));
        Assert.Equal(1, (await _folder.RunAsync(o => o.Source = source)).Run);
        int[] seeds = [2, 2, 1, 3];
        for (int i = 0; i < 4; i++)
        {
            byte[] image = MadePictures.Of(seeds[i]);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(image)), rows[i].Hash);
        }
    }

    [Fact]
    public async Task A_manifest_with_bytes_that_changes_between_plan_and_work_gives_no_wrong_rows()
    {
        string manifest = await BytesAsync([("a", 1, "x"), ("b", 2, "y")]);
        using (ManifestSource source = await OpenAsync(manifest))
            await _folder.Job(o => o.Source = source).PlanAsync(cancellationToken: Token);
        DateTime time = File.GetLastWriteTimeUtc(manifest);
        await BytesAsync([("b", 3, "y"), ("a", 4, "x")]);
        File.SetLastWriteTimeUtc(manifest, time.AddSeconds(1));
        using ManifestSource then = await OpenAsync(manifest);
        BatchReport report = await _folder.RunAsync(o => o.Source = then);
        Assert.Equal(2, report.BadRows["Missing"]);
        Assert.All(_folder.BadRows(), bad => Assert.Contains("was replaced", bad.Message, StringComparison.Ordinal));
        report = await _folder.RunAsync(o => o.Source = then);
        Assert.Equal((2, 2, 0), (report.Run, report.Rows, report.BadRows.Count));
        string Hash(int seed) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(MadePictures.Of(seed)));
        Assert.Equal([Hash(4), Hash(3)], (await _folder.RowsAsync(["label"])).Select(r => r.Hash));
    }

    [Fact]
    public async Task A_manifest_of_names_may_change_between_plan_and_work_and_what_was_planned_is_written()
    {
        _folder.Draw("a.png", 1);
        string manifest = Csv("path,label", "a.png,roof");
        using (ManifestSource source = await OpenAsync(manifest))
            await _folder.Job(o => o.Source = source).PlanAsync(cancellationToken: Token);
        Csv("path,label", "a.png,road");
        using var store = new FolderStore(_folder.Out);
        BatchJobOptions options = await BatchJob.GetOptionsAsync(store, Token);
        File.Delete(manifest);
        using ImageSource again = options.SourceSettings!.Open(address => new FolderStore(address), _web);
        (options.Images, options.Source, options.Model) = (null, again, _folder.Model);
        await new BatchJob(new Microsoft.ML.MLContext(), options).RunShardsAsync(cancellationToken: Token);
        Assert.Equal([["roof"]], await KeptAsync("label"));
    }

    [Theory]
    [InlineData("a.png,roof\na.png,roof", null)]
    [InlineData("a.png,roof\nb.png,x\na.png,road", "'a.png' in line 4 and in line 2, and they differ in the column 'label'")]
    public async Task A_key_that_is_there_twice_is_one_image_or_an_error(string rows, string? expected)
    {
        _folder.Draw("a.png", 1);
        string manifest = Csv("path,label", rows.Split('\n'));
        if (expected is null)
        {
            Assert.Equal(1, (await RunAsync(manifest)).Rows);
            return;
        }
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => RunAsync(manifest));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_with_other_bytes_are_an_error_and_with_the_same_are_one_image()
    {
        using (ManifestSource same = await OpenAsync(await BytesAsync([("a", 1, "x"), ("a", 1, "x")])))
            Assert.Equal(1, (await _folder.RunAsync(o => o.Source = same)).Rows);
        using ManifestSource other = await OpenAsync(await BytesAsync([("a", 1, "x")], [("a", 2, "x")]));
        var refused = await Assert.ThrowsAsync<SwanBatchException>(
            () => _folder.RunAsync(o => (o.Source, o.Output) = (other, _folder.File("other"))));
        Assert.Contains("differ in the column 'bytes'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name,label|a.png,x", "no column 'path', 'url', 'image' or 'bytes'")]
    [InlineData("path,url|a.png,x", "the columns 'path' and 'url'")]
    [InlineData("path,label|a.png", "line 2: it has 1 values, but the first line names 2 columns")]
    [InlineData("path,label|a.png,x|,y", "line 3, column 'path': it has no value")]
    [InlineData("url|a.png", "line 2, column 'url': 'a.png' is no address")]
    [InlineData("path,Hash|a.png,x", "column 'Hash' can't be kept")]
    [InlineData("path,path|a.png,x", "the column 'path' twice")]
    [InlineData("", "is empty")]
    public async Task A_manifest_that_can_not_be_read_is_named_with_row_and_column(string lines, string expected)
    {
        File.WriteAllLines(_folder.File("m.csv"), lines.Length == 0 ? [] : lines.Split('|'));
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => RunAsync(_folder.File("m.csv")));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Equal(BatchExitCode.Failed, BatchExitCode.For(refused));
    }

    [Fact]
    public async Task Columns_that_are_named_hold_and_those_that_are_not_there_are_an_error()
    {
        _folder.Draw("a.png", 1);
        string manifest = Csv("where,path,label,year", "a.png,x,roof,2026");
        await RunAsync(manifest, new ManifestColumns { Path = "where", Keep = ["year"] });
        Assert.Equal([["2026"]], await KeptAsync("year"));
        foreach ((ManifestColumns columns, string expected) in (List<(ManifestColumns, string)>)
        [
            (new() { Path = "other" }, "no column 'other'. It has 'where', 'path', 'label', 'year'"),
            (new() { Path = "where", Url = "path" }, "name one"),
            (new() { Bytes = "path" }, "is not of bytes"),
            (new() { Path = "where", Keep = ["where"] }, "results have it as 'image'"),
            (new() { Path = "where", Key = "label" }, "goes with one of bytes"),
        ])
        {
            var refused = await Assert.ThrowsAsync<SwanBatchException>(() => RunAsync(manifest, columns));
            Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Paths_of_a_manifest_with_a_root_do_not_lead_out_of_it()
    {
        _folder.Draw("a.png", 1);
        BatchReport report = await RunAsync(Csv("path", "a.png", "../model.swan", "/etc/passwd"));
        Assert.Equal((3, 2), (report.Rows, report.BadRows["OutsideFolder"]));
    }

    [Fact]
    public async Task A_file_that_is_no_Parquet_is_an_error_and_one_that_is_damaged_too()
    {
        File.WriteAllText(_folder.File("m.parquet"), "no Parquet at all");
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => RunAsync(_folder.File("m.parquet")));
        Assert.Contains("m.parquet' can't be read as a Parquet file", refused.Message, StringComparison.Ordinal);
        Assert.Equal(BatchExitCode.Failed, BatchExitCode.For(refused));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Csv(string header, params string[] rows)
    {
        string path = _folder.File("manifest.csv");
        File.WriteAllLines(path, [header, .. rows]);
        return path;
    }

    private async Task<string> ParquetAsync(DataField[] fields, params Func<ParquetRowGroupWriter, Task>[] groups)
    {
        string path = _folder.File("manifest.parquet");
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. fields]), file);
        foreach (Func<ParquetRowGroupWriter, Task> write in groups)
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await write(group);
        }
        return path;
    }

    // A seed below 0: no image.
    private Task<string> BytesAsync(params (string Key, int Seed, string Label)[][] groups)
    {
        DataField[] fields = [new DataField<string>("key", nullable: false), new DataField<byte[]>("bytes", nullable: true),
            new DataField<string>("label", nullable: false)];
        return ParquetAsync(fields, [.. groups.Select(rows => (Func<ParquetRowGroupWriter, Task>)(async group =>
        {
            await group.WriteAsync(fields[0], rows.Select(r => r.Key).ToArray());
            await group.WriteAsync(fields[1], rows.Select(r => r.Seed < 0 ? null! : MadePictures.Of(r.Seed)).ToArray());
            await group.WriteAsync(fields[2], rows.Select(r => r.Label).ToArray());
        }))]);
    }

    private Task<ManifestSource> OpenAsync(string manifest, ManifestColumns? columns = null) => ManifestSource.OpenAsync(
        new FolderStore(Path.GetDirectoryName(manifest)!), Path.GetFileName(manifest), columns, _folder.Images, restrict: true, _web,
        Token);

    private async Task<BatchReport> RunAsync(string manifest, ManifestColumns? columns = null, Action<BatchJobOptions>? set = null)
    {
        using ManifestSource source = await OpenAsync(manifest, columns);
        return await _folder.RunAsync(o =>
        {
            o.Source = source;
            set?.Invoke(o);
        });
    }

    // Of the rows that count.
    private async Task<string?[][]> KeptAsync(params string[] columns)
    {
        using var store = new FolderStore(_folder.Out);
        var rows = new List<string?[]>();
        await foreach (BatchRow row in BatchJob.GetRowsAsync(store, Token))
        {
            if (row.File is null) continue;
            await using ParquetReader reader = await ParquetReader.CreateAsync(Path.Combine(_folder.Out, row.File));
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
            var values = new List<string?>();
            foreach (string column in columns)
            {
                string?[] read = new string?[group.RowCount];
                await group.ReadAsync(reader.Schema.FindDataField(column), read.AsMemory()!, cancellationToken: Token);
                values.Add(read[row.Row]);
            }
            rows.Add([.. values]);
        }
        return [.. rows];
    }
}
