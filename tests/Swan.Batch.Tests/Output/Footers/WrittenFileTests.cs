using System.Buffers.Binary;
using Parquet;
using Parquet.Schema;
using Swan.Batch.Output;

namespace Swan.Batch.Tests.Output;

/// <summary>What is put right in a file after Parquet.Net has written it.</summary>
public sealed class WrittenFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_float16_comes_back_with_all_its_bits_and_DuckDB_reads_its_value()
    {
        Half[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits))];
        string file = await WriteAsync(width: 256, all[..(1 << 15)], all[(1 << 15)..]);
        await using ParquetReader reader = await RowsFile.OpenAsync(file, Token);
        DataField field = reader.Schema.GetDataFields().Single();
        Assert.True(FloatLists.Has(field));
        var read = new List<Half>();
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
            read.AddRange(await FloatLists.ReadHalvesAsync(group, field, Token));
        }
        Assert.Equal(all.Select(BitConverter.HalfToUInt16Bits), read.Select(BitConverter.HalfToUInt16Bits));
        using var duck = new DuckDb();
        Assert.Equal(all.Select(v => (float)v), duck.Rows($"SELECT list FROM '{file}'").SelectMany(r => (List<float>)r[0]!));
    }

    [Fact]
    public async Task The_ranges_of_float16_are_right_in_the_footer_and_in_the_headers_of_pages()
    {
        Half low = (Half)(-0.75f), high = (Half)0.5f;
        string file = await WriteAsync(
            width: 3, [(Half)0.25f, low, high], [Half.Zero, Half.Zero, high], [low, Half.NegativeZero, low], [Half.NaN, low, high]);
        (Half, Half)[] expected =
            [(low, high), (Half.NegativeZero, high), (low, Half.Zero), (Half.NegativeInfinity, Half.PositiveInfinity)];
        byte[] bytes = await File.ReadAllBytesAsync(file, Token);
        string[] wanted = [.. expected.Select(range => Text((BitConverter.GetBytes(range.Item1), BitConverter.GetBytes(range.Item2))))];
        Assert.Equal(wanted, Columns(bytes).Select(column => Text(Range(column.StructAt(12)!))));
        Assert.Equal(wanted, Columns(bytes).Select(column =>
            Text(Range(ThriftStruct.Read(bytes.AsSpan((int)(long)column[9]!), out _).StructAt(5)!.StructAt(5)!))));
    }

    [Fact]
    public async Task Ranges_of_times_hold_the_times_whatever_their_unit_is()
    {
        DateTimeTimeUnit[] units = [DateTimeTimeUnit.Millis, DateTimeTimeUnit.Micros, DateTimeTimeUnit.Nanos];
        DateTimeDataField[] fields =
            [.. units.Select(unit => new DateTimeDataField($"{unit}", DateTimeFormat.Timestamp, isAdjustedToUTC: false, unit))];
        DateTime[] times = [.. new[] { -12_345_678L, 1, 12_345_679 }.Select(DateTime.UnixEpoch.AddTicks)];
        string file = _folder.File("times.parquet");
        await using (FileStream stream = File.Create(file))
        {
            await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. fields]), stream))
            {
                using ParquetRowGroupWriter group = writer.CreateRowGroup();
                foreach (DateTimeDataField field in fields) await group.WriteAsync<DateTime>(field, times, cancellationToken: Token);
            }
            await WrittenFile.CorrectAsync(stream, [], Token);
        }
        byte[] bytes = await File.ReadAllBytesAsync(file, Token);
        foreach ((int i, ThriftStruct column) in Columns(bytes).Index())
        {
            // In units; a tick has 100 ns.
            double[] values = [.. times.Select(t => (t - DateTime.UnixEpoch).Ticks / (i == 0 ? 1e4 : i == 1 ? 10 : 0.01))];
            (byte[] least, byte[] largest) = Range(column.StructAt(12)!);
            double unit = i == 0 ? 0 : i == 1 ? 1_000 : 1_000_000;
            Assert.InRange(BinaryPrimitives.ReadInt64LittleEndian(least), Math.Floor(values.Min()) - 2 * unit, Math.Ceiling(values.Min()));
            Assert.InRange(BinaryPrimitives.ReadInt64LittleEndian(largest), Math.Floor(values.Max()), values.Max() + 2 * unit);
        }
        using var duck = new DuckDb();
        foreach (DateTimeTimeUnit unit in units)
            Assert.Equal(3L, duck.Rows($"SELECT count(*) FROM '{file}' WHERE {unit} > '1969-12-31' AND {unit} < '1970-01-02'")[0][0]);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Text((byte[] Least, byte[] Largest) range) =>
        $"{Convert.ToHexString(range.Least)} to {Convert.ToHexString(range.Largest)}";

    private static (byte[] Least, byte[] Largest) Range(ThriftStruct statistics)
    {
        (byte[], byte[]) range = ((byte[])statistics[6]!, (byte[])statistics[5]!);
        // What is out of use says the same.
        Assert.Equal(Text(range), Text(((byte[])statistics[2]!, (byte[])statistics[1]!)));
        return range;
    }

    // ColumnMetaData of all row groups.
    private static IEnumerable<ThriftStruct> Columns(byte[] file)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(file.Length - 8));
        return ThriftStruct.Read(file.AsSpan(file.Length - 8 - length), out _).StructsAt(4)
            .SelectMany(group => group.StructsAt(1)).Select(chunk => chunk.StructAt(3)!);
    }

    private async Task<string> WriteAsync(int width, params Half[][] groups)
    {
        string file = _folder.File("halves.parquet");
        var column = new ListColumn<Half>("list") { Width = width };
        await using FileStream stream = File.Create(file);
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(column.Field), stream, RowGroups.Options))
        {
            foreach (Half[] values in groups)
            {
                using ParquetRowGroupWriter group = writer.CreateRowGroup();
                for (int i = 0; i < values.Length; i += width) values.AsSpan(i, width).CopyTo(column.Next());
                await column.WriteAsync(group);
            }
        }
        await WrittenFile.CorrectAsync(stream, [column.Ranges!], Token);
        return file;
    }
}
