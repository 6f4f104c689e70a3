using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Tests.DataViews;

public sealed class ValueColumnTests
{
    private static readonly MLContext ML = new(1);

    [Theory]
    [InlineData(nameof(Tile.Region), SwanColumnType.Text)]
    [InlineData(nameof(Tile.Height), SwanColumnType.Number)]
    [InlineData(nameof(Tile.Level), SwanColumnType.Number)]
    [InlineData(nameof(Tile.Count), SwanColumnType.Number)]
    [InlineData(nameof(Tile.Date), SwanColumnType.Date)]
    [InlineData(nameof(Tile.Taken), SwanColumnType.Date)]
    [InlineData(nameof(Tile.Cloudy), SwanColumnType.Boolean)]
    [InlineData(nameof(Tile.Place), SwanColumnType.Point)]
    [InlineData(nameof(Tile.Footprint), SwanColumnType.Box)]
    public void Each_type_of_data_goes_into_its_type_of_column(string source, SwanColumnType type) =>
        Assert.Equal(new SwanColumn("c", type), ValueColumn.Find(View(new Tile()).Schema, source, "c", "columns").Column);

    [Fact]
    public void Values_of_rows_are_read_as_columns_keep_them()
    {
        var tile = new Tile
        {
            Region = "north", Height = 1.5f, Level = -3, Count = 1UL << 53, Date = new DateTime(2025, 1, 1),
            Taken = new DateTimeOffset(2025, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)), Cloudy = true, Place = [1, 2], Footprint = [1, 2, 3, 4],
        };
        var utc = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(
            ["north", 1.5, -3.0, 9007199254740992.0, utc, utc, true, new SwanPoint(1, 2), new SwanBox(1, 2, 3, 4)], Values(tile));
    }

    [Fact]
    public void Empty_texts_and_numbers_that_are_none_are_missing()
    {
        object?[] values = Values(new Tile { Height = float.NaN, Place = [1, float.NaN], Footprint = [double.NaN, 0, 0, 0] });
        Assert.Equal([null, null], values[..2]);
        Assert.Equal([null, null], values[^2..]);
    }

    [Fact]
    public void Values_that_no_column_has_are_refused()
    {
        Assert.Contains("'Height'", Assert.Throws<ArgumentException>(() => Values(new Tile { Height = float.PositiveInfinity })).Message);
        Assert.Contains("2^53", Assert.Throws<ArgumentException>(() => Values(new Tile { Count = ulong.MaxValue })).Message);
        Assert.Contains("west", Assert.Throws<ArgumentException>(() => Values(new Tile { Footprint = [3, 0, 1, 0] })).Message);
    }

    [Fact]
    public void Columns_of_other_types_are_refused_with_what_to_do()
    {
        IDataView view = View(new Tile());
        IDataView keys = ML.Transforms.Conversion.MapValueToKey("Key", nameof(Tile.Region)).Fit(view).Transform(view);
        Assert.Contains("MapKeyToValue(\"Key\")", Refusal(keys, "Key"));
        Assert.Contains("vector of 2", Refusal(view, nameof(Tile.Values)));
        Assert.Contains("There is no column 'Regon'", Refusal(view, "Regon"));
        Assert.Throws<ArgumentException>(() => ValueColumn.Find(view.Schema, nameof(Tile.Region), "not a name", "columns"));
    }

    private static string Refusal(IDataView view, string source) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ValueColumn.Find(view.Schema, source, "c", "columns")).Message;

    private static object?[] Values(Tile tile)
    {
        IDataView view = View(tile);
        string[] names =
        [
            nameof(Tile.Region), nameof(Tile.Height), nameof(Tile.Level), nameof(Tile.Count), nameof(Tile.Date), nameof(Tile.Taken),
            nameof(Tile.Cloudy), nameof(Tile.Place), nameof(Tile.Footprint),
        ];
        ValueColumn[] columns = [.. names.Select(name => ValueColumn.Find(view.Schema, name, name, "columns"))];
        using DataViewRowCursor cursor = view.GetRowCursor(columns.Select(column => column.Source));
        Func<object?>[] readers = [.. columns.Select(column => column.Reader(cursor))];
        Assert.True(cursor.MoveNext());
        return [.. readers.Select(read => read())];
    }

    private static IDataView View(Tile tile) => ML.Data.LoadFromEnumerable([tile]);

    private sealed class Tile
    {
        public string? Region { get; set; }

        public float Height { get; set; }

        public short Level { get; set; }

        public ulong Count { get; set; }

        public DateTime Date { get; set; }

        public DateTimeOffset Taken { get; set; }

        public bool Cloudy { get; set; }

        [VectorType(2)]
        public float[] Place { get; set; } = new float[2];

        [VectorType(4)]
        public double[] Footprint { get; set; } = new double[4];

        [VectorType(3)]
        public float[] Values { get; set; } = new float[3];
    }
}
