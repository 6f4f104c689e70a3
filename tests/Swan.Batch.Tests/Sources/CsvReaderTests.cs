using Swan.Batch.Sources;

namespace Swan.Batch.Tests.Sources;

public sealed class CsvReaderTests
{
    [Fact]
    public void Quotes_commas_and_line_breaks_stay_in_a_quoted_value()
    {
        string[][] records = Read("a,\"b, \"\"c\"\"\r\nd\",\r\n\n\"\",x y\r,");
        Assert.Equal([["a", "b, \"c\"\nd", ""], ["", "x y"], ["", ""]], records);
    }

    [Theory]
    [InlineData("a\n\"b", "line 2: a quoted value has no closing quote")]
    [InlineData("a,b\"c", "line 1: a value that doesn't begin with a quote contains one")]
    [InlineData("\"a\"b", "line 1: a value continues after its closing quote with 'b'")]
    [InlineData("\"a\" ,b", "line 1: a value continues after its closing quote with ' '")]
    [InlineData("\"a\"\"b", "line 1: a quoted value has no closing quote")]
    [InlineData("a\n\n\"b\r\nc\",d\r\n\"\"\"", "line 5: a quoted value has no closing quote")]
    public void A_wrong_quote_is_named_with_its_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<SwanBatchException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_record_has_the_line_that_it_begins_on()
    {
        using var reader = new CsvReader(new StringReader("\"a\nb\",c\r\n\r\n1\r2,\"\r\n\"\n\n\n3"), "x.csv");
        var lines = new List<int>();
        while (reader.Read() is not null) lines.Add(reader.Line);
        Assert.Equal([1, 4, 5, 9], lines);
    }

    [Fact]
    public void A_quote_that_nothing_closes_is_named_in_a_large_file()
    {
        string text = "a\n\"b" + new string('x', 17_000_000);
        Assert.Contains("line 2: a record has over 16 million characters", Assert.Throws<SwanBatchException>(() => Read(text)).Message,
            StringComparison.Ordinal);
    }

    private static string[][] Read(string text)
    {
        using var reader = new CsvReader(new StringReader(text), "x.csv");
        var records = new List<string[]>();
        while (reader.Read() is { } record) records.Add(record);
        return [.. records];
    }
}
