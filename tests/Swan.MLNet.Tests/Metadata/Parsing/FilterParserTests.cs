using CsCheck;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Tests.Metadata;

public sealed class FilterParserTests
{
    private static readonly SwanColumn[] Columns =
    [
        new("region", SwanColumnType.Text), new("height", SwanColumnType.Number), new("date", SwanColumnType.Date),
        new("cloudy", SwanColumnType.Boolean), new("place", SwanColumnType.Point), new("footprint", SwanColumnType.Box),
    ];

    [Fact]
    public void A_filters_text_is_read_back_as_an_equal_filter() => RandomColumns.Filters().Sample(pair =>
    {
        string text = pair.Filter.ToString();
        SwanFilter again = SwanFilter.Parse(text, RandomColumns.All);
        Assert.Equal(pair.Filter, again);
        Assert.Equal(pair.Filter.GetHashCode(), again.GetHashCode());
        Assert.Equal(text, again.ToString());
    }, iter: 5000);

    [Fact]
    public void Text_and_operators_make_equal_filters()
    {
        SwanFilterColumn date = SwanFilter.Column("date"), region = SwanFilter.Column("region"), height = SwanFilter.Column("height");
        Same("date >= 2025-01-01 and region = 'north'", date >= new DateOnly(2025, 1, 1) & region == "north");
        Same("date >= 2025-01-01T00:00:00Z", date >= new DateTime(2025, 1, 1));
        Same("DATE_1 < 2025-01-01T10:00:00.5+02:00",
            SwanFilter.Column("DATE_1") < new DateTimeOffset(2025, 1, 1, 10, 0, 0, 500, TimeSpan.FromHours(2)));
        Same("height between -1.5e3 and .5 or not (cloudy and region in ('a', \"b\"))",
            height.Between(-1500, 0.5) | !(SwanFilter.Column("cloudy") == true & region.In("a", "b")));
        Same("region is null and height is not null", region == null & height != null);
        Same("not not region is not null", region.IsNotNull());
        Same("region not in ('a') or region not contains 'b'", !region.In("a") | !region.Contains("b"));
        Same("region starts with 'it''s' and region ends with \"\"\"\"", region.StartsWith("it's") & region.EndsWith("\""));
        Same("place within box(-1, -2, 3.5, 4)", SwanFilter.Column("place").Within(new SwanBox(-1, -2, 3.5, 4)));
        Same("footprint INTERSECTS Polygon((0 0, 4 0,4 4, 0 0),(1 1,2 1,2 2))", SwanFilter.Column("footprint").Intersects(
            new SwanPolygon([[new(0, 0), new(4, 0), new(4, 4)], [new(1, 1), new(2, 1), new(2, 2)]])));
        Same("a == 1 and b <> 2 and (c = 3 and d = 4)", SwanFilter.Column("a") == 1 & SwanFilter.Column("b") != 2L
            & (SwanFilter.Column("c") == 3.0 & SwanFilter.Column("d") == 4f));

        static void Same(string text, SwanFilter filter)
        {
            Assert.Equal(filter, SwanFilter.Parse(text));
            Assert.Equal(filter, SwanFilter.Parse(filter.ToString()));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a = 2 and")]
    [InlineData("a = 1 b = 2")]
    [InlineData("(a = 1")]
    [InlineData("a = 1)")]
    [InlineData("a in ()")]
    [InlineData("a in (1, 'x')")]
    [InlineData("a in (1, null)")]
    [InlineData("a = null")]
    [InlineData("a like 'x%'")]
    [InlineData("a = north")]
    [InlineData("a = 'north")]
    [InlineData("3 < a")]
    [InlineData("a = 2025-02-30")]
    [InlineData("a = 2025-1-1")]
    [InlineData("a = 2025-01-01T24:00")]
    [InlineData("a = 2025-01-01 10:00")]
    [InlineData("a = 0001-01-01T00:00+10:00")]
    [InlineData("a = 1.2.3")]
    [InlineData("a = 1,5")]
    [InlineData("a = 1e400")]
    [InlineData("a = 0x10")]
    [InlineData("a && b")]
    [InlineData("a = ‘x’")]
    [InlineData("région = 1")]
    [InlineData("and = 1")]
    [InlineData("not")]
    [InlineData("a starts 'x'")]
    [InlineData("a contains 3")]
    [InlineData("a is 3")]
    [InlineData("a between 1 or 2")]
    [InlineData("a within (0, 0, 1, 1)")]
    [InlineData("a within box(0, 0, 1)")]
    [InlineData("a within box(170, 0, -170, 1)")]
    [InlineData("a within box(0 0 1 1)")]
    [InlineData("a within polygon((0 0, 1 0))")]
    [InlineData("a within polygon((0, 0, 1, 0, 1, 1))")]
    [InlineData("a within polygon(0 0, 1 0, 1 1)")]
    [InlineData("a = 1;")]
    public void Faults_are_refused_with_their_place(string text)
    {
        SwanFilterException error = Assert.Throws<SwanFilterException>(() => SwanFilter.Parse(text));
        string[] lines = error.Message.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal(error.Position, lines[2].IndexOf('^', StringComparison.Ordinal) - 2);
        Assert.InRange(error.Position!.Value, 0, text.Length);
    }

    [Theory]
    [InlineData("id = 9007199254740993")]
    [InlineData("id in (1, -9007199254740993)")]
    [InlineData("id = 9007199254740993.0")]
    [InlineData("id = +09007199254740993.")]
    [InlineData("id between 1 and 9007199254740993e0")]
    [InlineData("id = 9007199254740993000E-3")]
    [InlineData("id = 9.007199254740993e15")]
    [InlineData("id = 90071992547409930e-1")]
    [InlineData("place within box(0, 0, 9007199254740993, 1)")]
    public void Numbers_that_no_double_is_are_refused(string text)
    {
        Assert.Contains("not one that a number column can hold", Assert.Throws<SwanFilterException>(() => SwanFilter.Parse(text)).Message,
            StringComparison.Ordinal);
        Assert.NotNull(SwanFilter.Parse(text.Replace("993", "992", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("9007199254740990.5", false)] // would be a whole number
    [InlineData("1234567890123456.78", false)]
    [InlineData("1234567890123456.8", true)] // the double's shortest text
    [InlineData("1234567890123456.75", true)] // the double itself
    [InlineData("1e23", true)]
    [InlineData("1.00E+23", true)]
    [InlineData("100000000000000000000000", false)] // a whole number beside 1e23
    [InlineData("99999999999999991611392", true)] // what that is exactly
    [InlineData("0.1", true)]
    [InlineData("0.10000000000000001", true)] // 17 digits, as C writes it
    [InlineData("123456789012345.678", true)]
    [InlineData("1.7976931348623157E+308", true)]
    [InlineData("1e-400", true)]
    public void From_1e15_on_a_number_has_to_be_the_double(string number, bool kept)
    {
        Exception? refused = Record.Exception(() => SwanFilter.Parse($"height < {number}"));
        Assert.Equal(kept, refused is null);
        if (!kept) Assert.Contains("number column", Assert.IsType<SwanFilterException>(refused).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("height between 5 and 3")]
    [InlineData("not (cloudy or height not between 0.5 and -0.5)")]
    [InlineData("region between 'b' and 'a'")]
    [InlineData("region between 'a' and 'B'")] // by UTF-16 code units
    [InlineData("date between 2025-01-02 and 2025-01-01")]
    [InlineData("date between 2025-01-01 and 2024-12-31T23:59:59Z")]
    public void Intervals_in_the_wrong_order_are_refused_with_their_place(string text)
    {
        foreach (SwanColumn[]? columns in new[] { null, Columns })
        {
            SwanFilterException error = Assert.Throws<SwanFilterException>(() => SwanFilter.Parse(text, columns));
            Assert.Contains("Put the lesser value first.", error.Message, StringComparison.Ordinal);
            Assert.Equal(Math.Max(0, text.IndexOf("height", StringComparison.Ordinal)), error.Position);
        }
    }

    [Theory]
    [InlineData("height between 3 and 3")]
    [InlineData("region between 'B' and 'a'")]
    [InlineData("date between 2025-01-01 and 2025-01-01")]
    [InlineData("date between 2025-01-01T10:00 and 2025-01-01")] // to the end of that day
    [InlineData("date between 2025-01-01 and 2025-01-01T00:00")]
    public void Intervals_of_one_value_or_one_day_are_read(string text) => Assert.NotNull(SwanFilter.Parse(text, Columns));

    [Fact]
    public void Intervals_of_two_types_are_refused()
    {
        Assert.Contains("two types", Assert.Throws<SwanFilterException>(() => SwanFilter.Parse("height between 3 and '5'")).Message);
        Assert.Contains("without quotes", Assert.Throws<SwanFilterException>(
            () => SwanFilter.Parse("height between 3 and '5'", Columns)).Message);
        SwanFilterColumn height = SwanFilter.Column("height");
        Assert.Contains("two types", Assert.Throws<SwanFilterException>(() => height.Between(3, "5")).Message);
        Assert.Contains("null", Assert.Throws<SwanFilterException>(() => height.Between(3, (string?)null)).Message);
        Assert.Contains("lesser", Assert.Throws<SwanFilterException>(() => height.Between(5, 3)).Message);
    }

    [Fact]
    public void A_caret_line_is_below_the_fault()
    {
        SwanFilterException error = Assert.Throws<SwanFilterException>(() => SwanFilter.Parse("date >= 2025-13-01 and region = 'north'"));
        Assert.Equal("""
            The filter has an error at character 9. '2025-13-01' is not a date. Write 2025-01-31 for the whole day in UTC,
            and 2025-01-31T12:00:00Z or 2025-01-31T12:00:00+02:00 for an instant.
              date >= 2025-13-01 and region = 'north'
                      ^^^^^^^^^^
            """.ReplaceLineEndings("\n").Replace("UTC,\n", "UTC, ", StringComparison.Ordinal), error.Message);
        Assert.Equal(8, error.Position);
    }

    [Theory]
    [InlineData("regon = 'north'", 0, "Did you mean 'region'?")]
    [InlineData("cloudy and Region = 'north'", 11, "Did you mean 'region'?")]
    [InlineData("temperature > 3", 0, "Columns: cloudy (boolean), date (date)")]
    [InlineData("date >= '2025-01-01'", 0, "Write a date without quotes")]
    [InlineData("region = 3", 0, "Write texts in quotes")]
    [InlineData("height = '3'", 0, "Write a number without quotes")]
    [InlineData("height in ('3')", 0, "Write a number without quotes")]
    [InlineData("cloudy > true", 0, "no order")]
    [InlineData("cloudy = 1", 0, "Write true or false")]
    [InlineData("height contains '3'", 0, "but 'contains' needs text")]
    [InlineData("place intersects box(0, 0, 1, 1)", 0, "Write 'place within")]
    [InlineData("height within box(0, 0, 1, 1)", 0, "has no position")]
    [InlineData("place = 3", 0, "within box(west, south, east, north)")]
    [InlineData("cloudy and region", 17, "Only a boolean column can stand alone, but 'region' is a text column.")]
    public void What_does_not_fit_the_columns_is_refused_before_a_search(string text, int position, string said)
    {
        SwanFilterException error = Assert.Throws<SwanFilterException>(() => SwanFilter.Parse(text, Columns));
        Assert.Contains(said, error.Message);
        Assert.Equal(position, error.Position);
        SwanFilterException checkedLater = Assert.Throws<SwanFilterException>(() => SwanFilter.Parse(text).Check(Columns));
        Assert.Null(checkedLater.Position);
        if (position == 0) Assert.Contains(said, checkedLater.Message);
    }

    [Fact]
    public void Check_names_all_that_does_not_fit()
    {
        SwanFilterException error = Assert.Throws<SwanFilterException>(
            () => SwanFilter.Parse("regon = 'a' or height = 'b'").Check(Columns));
        Assert.Contains("'regon'", error.Message);
        Assert.Contains("'height'", error.Message);
        SwanFilter.Parse("region = 'a' and place is null").Check(Columns);
        Assert.Contains("no columns", Assert.Throws<SwanFilterException>(() => SwanFilter.Parse("a = 1").Check([])).Message);
    }

    [Fact]
    public void A_place_in_a_long_text_is_shown_with_what_is_around_it()
    {
        string text = $"region = '{new string('x', 500)}\n😀' and region = 3€ and region = '{new string('y', 500)}'";
        string[] lines = Assert.Throws<SwanFilterException>(() => SwanFilter.Parse(text)).Message.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.InRange(lines[1].Length, 60, 140);
        // An emoji is two code units, and as wide as one character here.
        string shown = lines[1].Replace("😀", "o", StringComparison.Ordinal);
        Assert.Equal('€', shown[lines[2].IndexOf('^', StringComparison.Ordinal)]);
    }
}
