using Parquet;
using Parquet.Schema;
using Swan.Batch.Indexes;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.Batch.Tests.Indexes;

/// <summary>Columns of files that other programs wrote.</summary>
public sealed class ImportedColumnTests : IDisposable
{
    private const long AboveDouble = (1L << 53) + 1;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Numbers_of_every_size_are_numbers()
    {
        string file = await Write("x.parquet",
            Column<sbyte>("i8", -1, 2), Column<byte>("u8", 1, 255), Column<short>("i16", -300, 2), Column<ushort>("u16", 1, 65535),
            Column<int>("i32", -1, 2), Column<uint>("u32", 1, uint.MaxValue), Column<long>("i64", -1, 1L << 53),
            Column<ulong>("u64", 1, 1UL << 53), Column<float>("f32", -0.5f, float.NaN), Decimal("money", 0.1m, -12.25m),
            Column("day", new DateOnly(2025, 1, 31), new DateOnly(1969, 12, 31)));
        using SwanLiveIndex index = await Index(file);
        Assert.Equal(Enumerable.Repeat(SwanColumnType.Number, 10).Append(SwanColumnType.Date), index.Columns.Select(c => c.Type));
        Assert.Equal(
            [-1.0, 1.0, -300.0, 1.0, -1.0, 1.0, -1.0, 1.0, -0.5, 0.1, new DateTimeOffset(2025, 1, 31, 0, 0, 0, TimeSpan.Zero)],
            ValuesOf(index, "a"));
        Assert.Equal(
            [
                2.0, 255.0, 2.0, 65535.0, 2.0, 4294967295.0, 9007199254740992.0, 9007199254740992.0, null, -12.25,
                new DateTimeOffset(1969, 12, 31, 0, 0, 0, TimeSpan.Zero),
            ],
            ValuesOf(index, "b"));
    }

    [Fact]
    public async Task Integers_that_no_double_is_make_their_column_text()
    {
        string file = await Write("x.parquet",
            Column<long>("id", 12, AboveDouble), Column<ulong>("hash", 1, ulong.MaxValue), Decimal("exact", 1.5m, 1234567890123456.7891m));
        using SwanLiveIndex index = await Index(file);
        Assert.All(index.Columns, column => Assert.Equal(SwanColumnType.Text, column.Type));
        Assert.Equal(["12", "1", "1.5"], ValuesOf(index, "a"));
        Assert.Equal(["9007199254740993", "18446744073709551615", "1234567890123456.7891"], ValuesOf(index, "b"));
        Assert.Equal(2, (await Import(index, file)).Unchanged);
    }

    [Fact]
    public async Task A_folder_has_one_type_for_a_column_of_all_files()
    {
        await Write("in/1.parquet", Column<long>("id", 1, 2));
        await Write("in/2.parquet", Column<long>("id", 1, AboveDouble));
        using SwanLiveIndex index = await Index(_folder.File("in"), SwanDuplicateKeys.Number);
        Assert.Equal([new SwanColumn("id", SwanColumnType.Text)], index.Columns);
        Assert.Equal(["9007199254740993"], ValuesOf(index, "b#2"));
    }

    [Fact]
    public async Task A_value_that_an_index_can_not_have_is_named_with_its_row()
    {
        string file = await Write("x.parquet", Column<long>("id", 1, AboveDouble));
        using SwanLiveIndex numbers = Create("numbers", new SwanColumn("id", SwanColumnType.Number));
        SwanFormatException e = await Assert.ThrowsAsync<SwanFormatException>(() => Import(numbers, file));
        Assert.Contains("'x.parquet' has a value that can't be kept, in row 1, from 0: The column 'id'", e.Message,
            StringComparison.Ordinal);
        Assert.Equal(0, numbers.Count);
        using SwanLiveIndex texts = Create("texts", new SwanColumn("id", SwanColumnType.Text));
        await Import(texts, await Write("y.parquet", Column<int>("id", 7, -8)));
        Assert.Equal(["7"], ValuesOf(texts, "a"));
    }

    [Fact]
    public async Task A_replaced_row_keeps_values_that_its_file_does_not_have()
    {
        string file = await Write("x.parquet", Column<int>("level", 1, 2));
        using SwanLiveIndex index = Create(
            "index", new SwanColumn("region", SwanColumnType.Text), new SwanColumn("level", SwanColumnType.Number));
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("a", [0, 1], new Dictionary<string, object?> { ["region"] = "north", ["level"] = 7.0 });
            writer.Commit(Token);
        }
        Assert.Equal(new SwanIndexChanges(1, 1, 0, 0), await Import(index, file));
        Assert.Equal(["north", 1.0], ValuesOf(index, "a"));
        Assert.Equal(new SwanIndexChanges(0, 0, 2, 0), await Import(index, file));
    }

    [Fact]
    public async Task A_column_named_row_of_another_program_is_a_column()
    {
        using SwanLiveIndex index = await Index(await Write("x.parquet", Column<int>("row", 7, 8)));
        Assert.Equal([7.0], ValuesOf(index, "a"));
    }

    [Fact]
    public async Task What_an_index_can_not_have_is_left_out_and_said()
    {
        string file = await Write("x.parquet",
            Column<int>("level", 1, 2), Column("at", Guid.Empty, Guid.NewGuid()), Column<int>("two words", 1, 2));
        using SwanLiveIndex index = await Index(file);
        Assert.Equal(["level"], index.Columns.Select(c => c.Name));
        IndexRowsNotes notes = await SwanIndexParquet.ReadNotesAsync(file, Token);
        Assert.False(notes.HasModel);
        Assert.Collection(notes.LeftOut,
            note => Assert.Contains("'at' of 'x.parquet' was left out: its values are UUIDs", note, StringComparison.Ordinal),
            note => Assert.Contains("'two words' of 'x.parquet' was left out", note, StringComparison.Ordinal));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static (DataField Field, Func<ParquetRowGroupWriter, Task> Write) Column<T>(string name, T first, T second) where T : struct
    {
        var field = new DataField<T>(name);
        return (field, group => group.WriteAsync<T>(field, (ReadOnlyMemory<T>)new[] { first, second }, cancellationToken: Token));
    }

    private static (DataField Field, Func<ParquetRowGroupWriter, Task> Write) Decimal(string name, decimal first, decimal second)
    {
        var field = new DecimalDataField(name, precision: 28, scale: 4);
        return (field, group => group.WriteAsync<decimal>(
            field, (ReadOnlyMemory<decimal>)new[] { first, second }, cancellationToken: Token));
    }

    // Two rows, a and b.
    private async Task<string> Write(string name, params (DataField Field, Func<ParquetRowGroupWriter, Task> Write)[] columns)
    {
        string file = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var key = new DataField<string>("key", nullable: false);
        var element = new DataField<float>("element");
        var schema = new ParquetSchema([key, .. columns.Select(c => c.Field), new ListField("embedding", element)]);
        await using FileStream stream = File.Create(file);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: Token);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await group.WriteAsync(key, ["a", "b"]);
        foreach (var column in columns) await column.Write(group);
        int full = element.MaxDefinitionLevel;
        await group.WriteAllPartsAsync<float>(
            element, new float[] { 1, 0, 0, 1 }, new[] { full, full, full, full }, new[] { 0, 1, 0, 1 }, Token);
        return file;
    }

    private SwanLiveIndex Create(string name, params SwanColumn[] columns) =>
        SwanLiveIndex.Create(_folder.File(name), new SwanIndexSettings(2) { Columns = columns });

    private async Task<SwanLiveIndex> Index(string file, SwanDuplicateKeys duplicates = SwanDuplicateKeys.Refuse)
    {
        SwanLiveIndex index = SwanLiveIndex.Create(_folder.File("index"), await SwanIndexParquet.ReadSettingsAsync(file, Token));
        await Import(index, file, duplicates);
        return index;
    }

    private static async Task<SwanIndexChanges> Import(
        SwanLiveIndex index, string file, SwanDuplicateKeys duplicates = SwanDuplicateKeys.Refuse)
    {
        using SwanIndexWriter writer = index.OpenWriter();
        SwanIndexChanges changes = await SwanIndexParquet.ImportAsync(writer, file, duplicates, cancellationToken: Token);
        writer.Commit(Token);
        return changes;
    }

    private static object?[] ValuesOf(SwanLiveIndex index, string key)
    {
        Assert.True(index.TryGet(key, out SwanRow? row));
        return [.. index.Columns.Select(c => row.Values[c.Name])];
    }
}
