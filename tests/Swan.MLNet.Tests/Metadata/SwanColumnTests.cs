using System.Numerics;
using CsCheck;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Tests.Metadata;

public sealed class SwanColumnTests
{
    [Theory]
    [InlineData("date")]
    [InlineData("box")] // a word behind 'within' only
    [InlineData("polygon")]
    [InlineData("_")]
    [InlineData("Region_2")]
    public void Letters_digits_and_underscores_make_a_name(string name)
    {
        var column = new SwanColumn(name, SwanColumnType.Text);
        Assert.Equal(name, column.Name);
        Assert.Equal($"{name} = 'x'", SwanFilter.Parse($"{name}='x'", [column]).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("2nd")]
    [InlineData("a b")]
    [InlineData("région")]
    [InlineData("a-b")]
    [InlineData("and")]
    [InlineData("Between")]
    [InlineData("LIKE")]
    [InlineData("true")]
    public void Other_names_are_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => new SwanColumn(name, SwanColumnType.Text));
        Assert.Throws<ArgumentException>(() => SwanFilter.Column(name));
    }

    [Fact]
    public void A_name_has_at_most_64_characters()
    {
        Assert.Equal(64, new SwanColumn(new string('a', 64), SwanColumnType.Date).Name.Length);
        Assert.Contains("65 characters", Assert.Throws<ArgumentException>(
            () => new SwanColumn(new string('a', 65), SwanColumnType.Date)).Message);
    }

    [Fact]
    public void Values_are_kept_in_one_form_for_each_type()
    {
        Assert.Equal(3.0, new SwanColumn("n", SwanColumnType.Number).Check(3));
        Assert.Equal(0.5, new SwanColumn("n", SwanColumnType.Number).Check(0.5m));
        Assert.Equal((double)0.1f, new SwanColumn("n", SwanColumnType.Number).Check(0.1f));
        Assert.Equal(9007199254740992.0, new SwanColumn("n", SwanColumnType.Number).Check(1L << 53));
        var date = new SwanColumn("d", SwanColumnType.Date);
        var noon = new DateTimeOffset(2025, 1, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(noon, date.Check(new DateTimeOffset(2025, 1, 1, 14, 0, 0, TimeSpan.FromHours(2))));
        Assert.Equal(TimeSpan.Zero, ((DateTimeOffset)date.Check(noon.ToOffset(TimeSpan.FromHours(2)))!).Offset);
        Assert.Equal(noon, date.Check(new DateTime(2025, 1, 1, 12, 0, 0)));
        Assert.Equal(noon.AddHours(-12), date.Check(new DateOnly(2025, 1, 1)));
        Assert.Null(new SwanColumn("t", SwanColumnType.Text).Check(null));
        Assert.Equal("", new SwanColumn("t", SwanColumnType.Text).Check(""));
    }

    [Theory]
    [InlineData(SwanColumnType.Number, double.NaN, "finite")]
    [InlineData(SwanColumnType.Number, float.PositiveInfinity, "finite")]
    [InlineData(SwanColumnType.Number, (1L << 53) + 1, "2^53")]
    [InlineData(SwanColumnType.Number, long.MaxValue, "2^53")]
    [InlineData(SwanColumnType.Number, ulong.MaxValue, "2^53")]
    [InlineData(SwanColumnType.Number, "3", "String")]
    [InlineData(SwanColumnType.Number, true, "Boolean")]
    [InlineData(SwanColumnType.Text, 'x', "it is of the type Char, but")]
    [InlineData(SwanColumnType.Text, 3, "it is a number (Int32), but")]
    [InlineData(SwanColumnType.Date, "2025-01-01", "String")]
    [InlineData(SwanColumnType.Box, 1.0, "SwanBox")]
    public void Values_that_a_column_cannot_keep_are_refused(SwanColumnType type, object value, string said)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new SwanColumn("height", type).Check(value));
        Assert.Contains("'height'", error.Message);
        Assert.Contains(said, error.Message);
    }

    [Fact]
    public void Decimals_are_kept_where_a_double_holds_them()
    {
        // Not as data of a theory: attributes have no decimals.
        var height = new SwanColumn("height", SwanColumnType.Number);
        Assert.All(new[] { 0.1m, 1m / 3, 0.9999999999999999999999999999m, 9007199254740992m, -9007199254740992.00m, 1234567890123456.8m },
            value => Assert.Equal((double)value, height.Check(value)));
        Assert.All(new[] { 9007199254740993m, -9007199254740993.0m, 9007199254740990.5m, 1234567890123456.78m, decimal.MaxValue }, value =>
        {
            Assert.Contains("2^53", Assert.Throws<ArgumentException>(() => height.Check(value)).Message);
            Assert.Contains("2^53", Assert.Throws<SwanFilterException>(
                () => SwanFilter.From<Dictionary<string, object?>>(row => (decimal)row["height"]! == value)).Message);
        });
    }

    [Fact]
    public void Integers_are_kept_exactly_where_converting_there_and_back_keeps_them() => Gen.OneOf<long>(
        Gen.Long, Gen.Long[-(1L << 55), 1L << 55],
        Gen.Select(Gen.Int[0, 62], Gen.Int[-3, 3], (bit, near) => (1L << bit) + near)).Sample(value =>
    {
        bool kept = new BigInteger((double)value) == value;
        Exception? refused = Record.Exception(() => new SwanColumn("n", SwanColumnType.Number).Check(value));
        Assert.Equal(kept, refused is null);
        Assert.Equal(kept, Record.Exception(() => SwanFilter.Parse($"n = {value}.00")) is null);
        if (kept) Assert.Equal(SwanFilter.Column("n") == value, SwanFilter.Parse($"n = {value}000e-3"));
    }, iter: 2000);

    [Fact]
    public void Halves_of_surrogate_pairs_are_no_text()
    {
        // Not as data of a theory, which are kept in UTF-8.
        Assert.All(new[] { "a\uD800b", "\uDC00", "\uDC00\uD800" }, text =>
        {
            Assert.Contains("surrogate", Assert.Throws<ArgumentException>(
                () => new SwanColumn("t", SwanColumnType.Text).Check(text)).Message);
            Assert.Contains("surrogate", Assert.Throws<ArgumentException>(() => SwanFilter.Column("t") == text).Message);
            Assert.Contains("surrogate", Assert.Throws<SwanFilterException>(() => SwanFilter.Parse($"t = '{text}'")).Message);
        });
        Assert.Equal("😀", new SwanColumn("t", SwanColumnType.Text).Check("😀"));
    }

    [Fact]
    public void Coordinates_are_finite_and_boxes_have_their_order()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SwanPoint(double.NaN, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SwanBox(0, 0, double.PositiveInfinity, 0));
        Assert.Contains("antimeridian", Assert.Throws<ArgumentException>(() => new SwanBox(170, 0, -170, 1)).Message);
        Assert.Contains("south", Assert.Throws<ArgumentException>(() => new SwanBox(0, 2, 1, 1)).Message);
    }
}
