using Swan.Cli.Indexing;
using Swan.Cli.Outcomes;
using Swan.MLNet.Metadata;

namespace Swan.Cli.Tests.Indexing;

public sealed class ValuesTableTests : IDisposable
{
    private static readonly Dictionary<string, SwanColumnType> s_none = [];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_column_of_CSV_gets_the_type_that_all_its_values_can_be()
    {
        ValuesTable table = Read("x.csv",
            "path,id,share,taken,cloudy,mixed\na.png,007,-1.5e3,2025-01-31,true,1\nb.png,12,,2025-01-31T12:00:00+02:00,FALSE,x\n");
        Assert.Equal(
            [
                ("id", SwanColumnType.Text), ("share", SwanColumnType.Number), ("taken", SwanColumnType.Date),
                ("cloudy", SwanColumnType.Boolean), ("mixed", SwanColumnType.Text),
            ],
            table.Columns.Select(c => (c.Name, c.Type)));
        Assert.Equal(("007", -1500.0, true), (table.Rows["a.png"]["id"], table.Rows["a.png"]["share"], table.Rows["a.png"]["cloudy"]));
        Assert.Null(table.Rows["b.png"]["share"]);
        Assert.Equal(new DateTimeOffset(2025, 1, 31, 10, 0, 0, TimeSpan.Zero), table.Rows["b.png"]["taken"]);
    }

    [Fact]
    public void JSON_lines_keep_their_types_and_arrays_are_places()
    {
        ValuesTable table = Read("x.jsonl",
            """
            {"image": "a.png", "number": 1, "text": "1", "flag": true, "place": [1, 2], "area": [0, 0, 1, 1]}

            {"image": "b.png", "number": null}
            """);
        Assert.Equal(
            [SwanColumnType.Number, SwanColumnType.Number, SwanColumnType.Boolean, SwanColumnType.Point, SwanColumnType.Box],
            table.Columns.Select(c => c.Type));
        Assert.Equal((new SwanPoint(1, 2), new SwanBox(0, 0, 1, 1)), (table.Rows["a.png"]["place"], table.Rows["a.png"]["area"]));
        Assert.False(table.Rows["b.png"].ContainsKey("place"));
    }

    [Fact]
    public void What_a_line_does_not_say_stays_and_null_erases()
    {
        ValuesTable lines = Read("x.jsonl", "{\"key\": \"a\", \"n\": 1, \"t\": \"x\"}\n{\"key\": \"b\", \"n\": null}\n");
        Assert.Equal([KeyValuePair.Create("n", (object?)null)], lines.Rows["b"]);
        ValuesTable cells = Read("x.csv", "key,n,t\na,1,x\nb,,\n");
        Assert.Equal([KeyValuePair.Create("n", (object?)null), KeyValuePair.Create("t", (object?)null)], cells.Rows["b"]);
    }

    [Theory]
    [InlineData("x.csv", "key,n,later\na,1,\nb,2,\n")]
    [InlineData("x.jsonl", "{\"key\": \"a\", \"n\": 1, \"later\": null}\n{\"key\": \"b\", \"later\": null}\n")]
    public void A_column_without_values_is_left_out_unless_its_type_is_said(string name, string text)
    {
        ValuesTable table = Read(name, text);
        Assert.Equal(["later"], table.Empty);
        Assert.Equal(["n"], table.Columns.Select(c => c.Name));
        Assert.DoesNotContain("later", table.Rows["a"].Keys);
        var later = new SwanColumn("later", SwanColumnType.Date);
        var types = new Dictionary<string, SwanColumnType> { ["later"] = SwanColumnType.Date };
        Assert.Contains(later, ValuesTable.From(File(name, text), [], types).Columns);
        Assert.Contains(later, ValuesTable.From(File(name, text), [later], s_none).Columns);
    }

    [Theory]
    [InlineData("x.csv", "key,id,n\na,9007199254740992,9007199254740992\nb,9007199254740993,-1e20\n")]
    [InlineData("x.jsonl",
        "{\"key\":\"a\",\"id\":9007199254740992,\"n\":9007199254740992}\n{\"key\":\"b\",\"id\":9007199254740993,\"n\":-1e20}")]
    public void Integers_that_no_double_is_make_their_column_text(string name, string text)
    {
        ValuesTable table = Read(name, text);
        Assert.Equal([SwanColumnType.Text, SwanColumnType.Number], table.Columns.Select(c => c.Type));
        Assert.Equal(("9007199254740992", "9007199254740993"), (table.Rows["a"]["id"], table.Rows["b"]["id"]));
        Assert.Equal((9007199254740992.0, -1e20), (table.Rows["a"]["n"], table.Rows["b"]["n"]));
        Assert.Throws<CommandException>(() => ValuesTable.From(File(name, text), [new SwanColumn("id", SwanColumnType.Number)], s_none));
    }

    [Theory]
    [InlineData("\uFEFFkey,n\r\na,1\r\n")]
    [InlineData("\n\nkey,n\n\na,1")]
    public void A_byte_order_mark_and_blank_lines_are_no_values(string text)
    {
        ValuesTable table = Read("x.csv", text);
        Assert.Equal(1.0, table.Rows["a"]["n"]);
    }

    [Fact]
    public void Given_types_and_those_of_the_index_go_before_inferred_ones()
    {
        ValuesFile file = File("x.csv", "key,id,place\na.png,12,12.5 48\n");
        ValuesTable table = ValuesTable.From(
            file, [new SwanColumn("id", SwanColumnType.Text)], new Dictionary<string, SwanColumnType> { ["place"] = SwanColumnType.Point });
        Assert.Equal(("12", new SwanPoint(12.5, 48)), (table.Rows["a.png"]["id"], table.Rows["a.png"]["place"]));
    }

    [Theory]
    [InlineData("x.csv", "key,n\na,1\nb,2\na,3\n", "line 4: 'a' is in line 2 already")]
    [InlineData("x.csv", "key,n\na,1,2\n", "line 2: it has 3 values, but the first line names 2 columns")]
    [InlineData("x.csv", "id,n\na,1\n", "has no column 'key', 'image', 'file', 'path'; it has 'id', 'n'")]
    [InlineData("x.csv", "key,folder\na,b\n", "column 'folder', which swan itself fills")]
    [InlineData("x.csv", "key,two words\na,1\n", "'two words' can't be a column's name")]
    [InlineData("x.csv", "", "is empty")]
    [InlineData("x.csv", "key,old\na,soon\n", "line 2: 'old' is 'soon', but the column's type is number")]
    [InlineData("x.jsonl", "{\"key\": \"a\"}\n[1]\n", "line 2: it is not a JSON object")]
    [InlineData("x.jsonl", "{\"key\": \"a\", \"n\": {\"x\": 1}}\n", "line 1: 'n' is {\"x\": 1}")]
    [InlineData("x.jsonl", "{\"key\": 1}\n", "line 1: it has no 'key' with text")]
    [InlineData("x.csv", "key,n\na,1\n,2\n", "line 3: the key is empty")]
    [InlineData("x.csv", "key,n\n\"a\nb\",1\nc,\"2\n", "line 4: a quoted value has no closing quote")]
    [InlineData("x.jsonl", "{\"key\": \"\"}\n", "line 1: the key is empty")]
    [InlineData("x.jsonl", "{\"key\": \"a\", \"t\": \"\\uD800\"}\n", "line 1: it has half of a surrogate pair")]
    [InlineData("x.jsonl", "{\"key\": \"a\", \"old\": [1e999, 2]}\n", "line 1: 'old' is '[")]
    [InlineData("x.jsonl", "{\"key\": \"a\", \"at\": [1e999, 2]}\n", "'x.jsonl'")]
    [InlineData("x.txt", "", "expected values in a file that ends in .csv, .jsonl or .ndjson")]
    public void A_file_that_can_not_be_used_is_named_with_its_line(string name, string text, string expected)
    {
        CommandException e = Assert.Throws<CommandException>(
            () => ValuesTable.From(File(name, text), [new SwanColumn("old", SwanColumnType.Number)], s_none));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    private ValuesTable Read(string name, string text) => ValuesTable.From(File(name, text), [], s_none);

    private ValuesFile File(string name, string text)
    {
        System.IO.File.WriteAllText(_folder.File(name), text);
        return ValuesFile.Read(_folder.File(name), null);
    }
}
