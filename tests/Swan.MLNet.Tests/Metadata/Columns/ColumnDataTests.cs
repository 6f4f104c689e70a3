using CsCheck;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Tests.Metadata;

public sealed class ColumnDataTests
{
    public static TheoryData<SwanColumnType> Types => [.. Enum.GetValues<SwanColumnType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void Values_come_back_as_they_were_added(SwanColumnType type) => RandomColumns.Values(type).Array[0, 200].Sample(values =>
    {
        ColumnData data = ColumnParts.Open(new SwanColumn("c", type), values);
        Assert.Equal(values.Length, data.Count);
        Assert.Equal(values, Enumerable.Range(0, data.Count).Select(row => data[row]));
        Assert.Equal(values.Count(v => v is not null), data.Present().Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => data[values.Length]);
    }, iter: 100);

    [Theory]
    [InlineData(255, 600)] // codes of one byte
    [InlineData(256, 600)] // of two
    [InlineData(66_000, 66_000)] // all texts in their rows
    [InlineData(66_000, 530_000)] // codes of four bytes
    public void Texts_have_the_form_that_suits_their_number(int distinct, int rows)
    {
        object?[] values = [.. Enumerable.Range(0, rows).Select(row => row % 7 == 6 ? null : (object)$"é{row % distinct}")];
        ColumnData data = ColumnParts.Open(new SwanColumn("c", SwanColumnType.Text), values);
        Assert.All(new[] { 0, 5, 6, 7, rows / 2, rows - 1 }, row => Assert.Equal(values[row], data[row]));
        Assert.Equal(Expected(v => v is "é12"), ColumnParts.Rows(SwanFilter.Column("c") == "é12", data));
        Assert.Equal(Expected(v => v?.EndsWith("5", StringComparison.Ordinal) == true),
            ColumnParts.Rows(SwanFilter.Column("c").EndsWith("5"), data));
        Assert.Equal(Expected(v => v is not null and not "é12"), ColumnParts.Rows(SwanFilter.Column("c") != "é12", data));
        Assert.Equal(Expected(v => v is null), ColumnParts.Rows(SwanFilter.Column("c") == null, data));

        int[] Expected(Func<string?, bool> passes) => [.. Enumerable.Range(0, rows).Where(row => passes((string?)values[row]))];
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Damaged_bytes_are_refused_or_read_without_leaving_the_part(SwanColumnType type) =>
        Gen.Select(RandomColumns.Values(type).Array[1, 70], Gen.Int[0, 1 << 20].Array[1, 6], Gen.Byte).Sample((values, places, mask) =>
        {
            var column = new SwanColumn("c", type);
            byte[] part = ColumnParts.Write(column, values);
            foreach (int place in places) part[place % part.Length] ^= (byte)(mask | 1);
            Read(column, values.Length, part);
        }, iter: 500);

    [Theory]
    [MemberData(nameof(Types))]
    public void Parts_of_another_length_are_refused(SwanColumnType type)
    {
        var column = new SwanColumn("c", type);
        byte[] part = ColumnParts.Write(column, new object?[100]);
        Assert.All(new[] { 0, 1, 63, 64, part.Length - 1 },
            length => Assert.Throws<SwanFormatException>(() => ColumnData.Open(column, 100, part.AsMemory(0, length))));
        SwanFormatException error = Assert.Throws<SwanFormatException>(() => ColumnData.Open(column, 1_000_000, part));
        Assert.Contains("'c'", error.Message);
    }

    // Whatever happens, it is one of the documented things.
    private static void Read(SwanColumn column, int rows, byte[] part)
    {
        try
        {
            ColumnData data = ColumnData.Open(column, rows, part);
            foreach (SwanFilter filter in RandomColumns.SomeFilters(column)) ColumnParts.Rows(filter, data);
            for (int row = 0; row < rows; row++) _ = data[row];
        }
        catch (SwanFormatException e)
        {
            Assert.Contains("'c'", e.Message);
        }
    }
}
