using Swan.Cli.Indexing;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Tests.Indexing;

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
    [InlineData("a,b\"c", "line 1: a quote stands inside")]
    [InlineData("\"a\"b", "line 1: a value has more after its closing quote, 'b'")]
    public void A_wrong_quote_is_named_with_its_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<CommandException>(() => Read(text)).Message, StringComparison.Ordinal);

    private static string[][] Read(string text)
    {
        var reader = new CsvReader(new StringReader(text), "x.csv");
        var records = new List<string[]>();
        while (reader.Read() is { } record) records.Add(record);
        return [.. records];
    }
}
