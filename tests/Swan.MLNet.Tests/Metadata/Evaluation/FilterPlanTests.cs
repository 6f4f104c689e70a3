using CsCheck;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Tests.Metadata;

public sealed class FilterPlanTests
{
    private static readonly Gen<object?[][]> Columns =
        from rows in Gen.Int[0, 200]
        from columns in Gen.Select(
            RandomColumns.Values(SwanColumnType.Text).Array[rows], RandomColumns.Values(SwanColumnType.Number).Array[rows],
            RandomColumns.Values(SwanColumnType.Date).Array[rows], RandomColumns.Values(SwanColumnType.Boolean).Array[rows],
            RandomColumns.Values(SwanColumnType.Point).Array[rows], RandomColumns.Values(SwanColumnType.Box).Array[rows],
            (a, b, c, d, e, f) => new[] { a, b, c, d, e, f })
        select columns;

    [Fact]
    public void Rows_that_pass_are_those_that_pass_one_by_one() =>
        Gen.Select(Columns, RandomColumns.Filters().Array[8]).Sample((values, filters) =>
        {
            SwanColumn[] all = RandomColumns.All;
            var data = all.Select((column, i) => ColumnParts.Open(column, values[i])).ToDictionary(d => d.Column.Name);
            int rows = values[0].Length;
            foreach (RandomColumns.Pair pair in filters)
            {
                pair.Filter.Check(all);
                RowBits bits = FilterPlan.Evaluate(pair.Filter, data, rows);
                for (int row = 0; row < rows; row++)
                {
                    var cells = all.Select((column, i) => (column.Name, Value: values[i][row])).ToDictionary(c => c.Name, c => c.Value);
                    Assert.True(pair.Passes(cells) == bits[row], $"row {row} of {pair.Filter}");
                }
            }
        }, iter: 300);

    [Fact]
    public void A_column_that_a_segment_lacks_is_missing_in_all_rows()
    {
        var none = new Dictionary<string, ColumnData>();
        Assert.Equal(0, Count("later = 1"));
        Assert.Equal(0, Count("later != 1"));
        Assert.Equal(0, Count("later in (1, 2)"));
        Assert.Equal(0, Count("later is not null"));
        Assert.Equal(70, Count("later is null"));
        Assert.Equal(70, Count("not later = 1"));
        Assert.Equal(70, Count("true"));
        Assert.Equal(0, Count("false or not true"));

        int Count(string filter) => FilterPlan.Evaluate(SwanFilter.Parse(filter), none, 70).Count;
    }

    [Fact]
    public void A_day_is_all_of_it_and_an_instant_is_itself()
    {
        ColumnData data = ColumnParts.Open(new SwanColumn("date", SwanColumnType.Date),
            new DateTime(2024, 12, 31, 23, 59, 59), new DateTime(2025, 1, 1), new DateTime(2025, 1, 1, 23, 59, 59),
            new DateTime(2025, 1, 2), null);
        Assert.Equal([1, 2], Rows("date = 2025-01-01"));
        Assert.Equal([0, 3], Rows("date != 2025-01-01"));
        Assert.Equal([0], Rows("date < 2025-01-01"));
        Assert.Equal([0, 1, 2], Rows("date <= 2025-01-01"));
        Assert.Equal([3], Rows("date > 2025-01-01"));
        Assert.Equal([1, 2, 3], Rows("date >= 2025-01-01"));
        Assert.Equal([0, 1, 2], Rows("date between 2024-12-31 and 2025-01-01"));
        Assert.Equal([1, 2, 3], Rows("date in (2025-01-01, 2025-01-02)"));
        Assert.Equal([1], Rows("date = 2025-01-01T00:00"));
        Assert.Equal([1], Rows("date = 2025-01-01T02:00:00+02:00"));
        Assert.Equal([2, 3], Rows("date > 2025-01-01T00:00:00.0000000Z"));

        int[] Rows(string filter) => ColumnParts.Rows(SwanFilter.Parse(filter), data);
    }

    [Fact]
    public void A_canceled_evaluation_stops() => Assert.Throws<OperationCanceledException>(() =>
        FilterPlan.Evaluate(SwanFilter.Parse("a = 1"), new Dictionary<string, ColumnData>(), 1, new CancellationToken(canceled: true)));

    [Theory]
    [InlineData(SwanColumnType.Point, "c within polygon((0 0, 4 0, 4 4))")]
    [InlineData(SwanColumnType.Box, "c within polygon((0 0, 4 0, 4 4))")]
    [InlineData(SwanColumnType.Box, "c intersects polygon((0 0, 4 0, 4 4))")]
    [InlineData(SwanColumnType.Text, "c contains 'x'")] // of each row
    [InlineData(SwanColumnType.Text, "c contains 'x'", 500)] // of each text once
    [InlineData(SwanColumnType.Number, "c > 0.5")]
    [InlineData(SwanColumnType.Date, "c > 2025-01-01")]
    public void A_filter_canceled_within_a_comparison_looks_at_few_more_rows(
        SwanColumnType type, string filter, int distinct = int.MaxValue)
    {
        const int Rows = 70_000;
        var column = new SwanColumn("c", type);
        object?[] values = [.. Enumerable.Range(0, Rows).Select(row => (object?)(type switch
        {
            SwanColumnType.Text => $"{row % distinct}",
            SwanColumnType.Number => (double)row,
            SwanColumnType.Date => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(row),
            SwanColumnType.Point => new SwanPoint(row % 5, row % 3),
            _ => new SwanBox(row % 5, row % 3, row % 5 + 1, row % 3 + 1),
        }))];
        using var bytes = new WatchedBytes(ColumnParts.Write(column, values));
        var columns = new Dictionary<string, ColumnData> { ["c"] = ColumnData.Open(column, Rows, bytes.Memory) };
        // The first use looks through all texts.
        FilterPlan.Evaluate(SwanFilter.Parse(filter), columns, Rows);
        using var source = new CancellationTokenSource();
        int until = bytes.Looks + 1;
        bytes.Look = looks =>
        {
            if (looks == until) source.Cancel();
        };
        Assert.ThrowsAny<OperationCanceledException>(
            () => FilterPlan.Evaluate(SwanFilter.Parse(filter), columns, Rows, source.Token));
        Assert.InRange(bytes.Looks, until, until + 100);
    }

    [Fact]
    public void Lists_of_thousands_are_looked_up()
    {
        ColumnData data = ColumnParts.Open(
            new SwanColumn("n", SwanColumnType.Number), [.. Enumerable.Range(0, 1000).Select(i => (object?)(i * 0.5))]);
        SwanFilter filter = SwanFilter.Column("n").In(Enumerable.Range(0, 90_000).Select(i => (SwanFilterValue)(i * 3)));
        Assert.Equal(Enumerable.Range(0, 1000).Where(i => i % 6 == 0), ColumnParts.Rows(filter, data));
        Assert.Equal(1000 - 167, ColumnParts.Rows(!filter, data).Length);
    }

    [Fact]
    public void A_filter_that_was_not_checked_is_refused_when_it_does_not_fit()
    {
        ColumnData data = ColumnParts.Open(new SwanColumn("n", SwanColumnType.Number), 1.0);
        Assert.Contains("'n' is a number column", Assert.Throws<SwanFilterException>(
            () => ColumnParts.Rows(SwanFilter.Column("n") == "1", data)).Message);
    }
}
