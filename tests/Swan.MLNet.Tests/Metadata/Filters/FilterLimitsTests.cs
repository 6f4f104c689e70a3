using System.Linq.Expressions;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Tests.Metadata;

public sealed class FilterLimitsTests
{
    private const int Many = 100_000;

    [Fact]
    public void Ten_thousand_comparisons_are_a_filter_and_more_are_not()
    {
        string text = string.Join(" or ", Enumerable.Range(0, 10_000).Select(i => $"a = {i}"));
        SwanFilter filter = SwanFilter.Parse(text);
        Assert.Equal(text, filter.ToString());
        filter.Check([new SwanColumn("a", SwanColumnType.Number)]);
        Assert.Contains("10,000 comparisons", Refusal(() => SwanFilter.Parse(text + " or a = 1")));
        Assert.Contains("10,000 comparisons", Refusal(() => _ = filter | SwanFilter.Column("a") == 1));
        Assert.Contains("10,000 comparisons", Refusal(() => SwanFilter.Parse(string.Join(" and ", Enumerable.Repeat("a = 1", Many)))));
        Assert.Contains("10,000 comparisons", Refusal(() => SwanFilter.Parse(string.Join(" and ", Enumerable.Repeat("true", Many)))));
    }

    [Fact]
    public void A_filter_may_grow_by_one_comparison_at_a_time()
    {
        SwanFilter filter = SwanFilter.Column("a") == 0;
        for (int i = 1; i < 10_000; i++) filter |= SwanFilter.Column("a") == i;
        Assert.Equal(filter, SwanFilter.Parse(filter.ToString()));
    }

    [Fact]
    public void Levels_end_before_the_stack_does()
    {
        Assert.Contains("100 levels", Refusal(() => SwanFilter.Parse(new string('(', Many) + "a = 1" + new string(')', Many))));
        Assert.Contains("100 levels", Refusal(() => SwanFilter.Parse(
            string.Concat(Enumerable.Repeat("not (", Many)) + "a = 1" + new string(')', Many))));
        Assert.Equal(SwanFilter.Column("a") == 1, SwanFilter.Parse(string.Concat(Enumerable.Repeat("not ", Many)) + "a = 1"));
        Assert.Contains("100 levels", Refusal(() => Nested(60)));
        SwanFilter deep = Nested(33);
        Assert.Equal(deep, SwanFilter.Parse(deep.ToString()));

        static SwanFilter Nested(int levels)
        {
            SwanFilter filter = SwanFilter.Column("a") == 1;
            for (int i = 0; i < levels; i++) filter = !((filter | SwanFilter.Column("b") == i) & SwanFilter.Column("c") == i);
            return filter;
        }
    }

    [Fact]
    public void Lists_corners_and_texts_have_limits()
    {
        string list = $"a in ({string.Join(", ", Enumerable.Range(0, Many))})";
        Assert.Equal(list, SwanFilter.Parse(list).ToString());
        Assert.Contains("100,000 list values", Refusal(() => SwanFilter.Parse($"{list} or a in (1)")));
        IEnumerable<SwanFilterValue> endless = Enumerable.Range(0, int.MaxValue).Select(i => (SwanFilterValue)i);
        Assert.Contains("100,000 list values", Refusal(() => SwanFilter.Column("a").In(endless)));
        string ring = string.Join(", ", Enumerable.Range(0, Many + 1).Select(i => $"{i} {i % 2}"));
        Assert.Contains("100,000 list values", Refusal(() => SwanFilter.Parse($"a within polygon(({ring}))")));
        var large = new SwanPolygon(Enumerable.Range(0, Many + 1).Select(i => new SwanPoint(i, i % 2)));
        Assert.Contains("100,000 list values", Refusal(() => SwanFilter.Column("a").Within(large)));
        Assert.Contains("65,536", Refusal(() => SwanFilter.Parse($"a = '{new string('x', 65_537)}'")));
        string longest = $"a = '{new string('x', 65_536)}'";
        Assert.Equal(longest, SwanFilter.Parse(longest).ToString());
        Assert.Contains("65,536", Assert.Throws<ArgumentException>(() => SwanFilter.Column("a") == new string('x', 65_537)).Message);
    }

    [Fact]
    public void An_expression_of_a_hundred_thousand_comparisons_is_refused()
    {
        ParameterExpression row = Expression.Parameter(typeof(Row));
        Expression term = Expression.Equal(Expression.Property(row, nameof(Row.A)), Expression.Constant(1.0));
        Expression chain = term, nots = term, mixed = term;
        for (int i = 0; i < Many; i++)
        {
            chain = Expression.OrElse(chain, term);
            nots = Expression.Not(nots);
            mixed = i % 2 == 0 ? Expression.OrElse(term, mixed) : Expression.AndAlso(term, mixed);
        }
        Assert.Contains("10,000 comparisons", Refusal(() => SwanFilter.From(Expression.Lambda<Func<Row, bool>>(chain, row))));
        Assert.Contains("100 levels", Refusal(() => SwanFilter.From(Expression.Lambda<Func<Row, bool>>(nots, row))));
        Assert.Contains("100 levels", Refusal(() => SwanFilter.From(Expression.Lambda<Func<Row, bool>>(mixed, row))));
    }

    [Fact]
    public void Expressions_of_ten_thousand_comparisons_are_filters()
    {
        ParameterExpression row = Expression.Parameter(typeof(Row));
        Expression chain = Expression.Equal(Expression.Property(row, nameof(Row.A)), Expression.Constant(0.0));
        for (int i = 1; i < 10_000; i++)
            chain = Expression.OrElse(chain, Expression.Equal(Expression.Property(row, nameof(Row.A)), Expression.Constant((double)i)));
        string text = string.Join(" or ", Enumerable.Range(0, 10_000).Select(i => $"A = {i}"));
        Assert.Equal(text, SwanFilter.From(Expression.Lambda<Func<Row, bool>>(chain, row)).ToString());
    }

    private static string Refusal(Action make) => Assert.Throws<SwanFilterException>(make).Message;

    private sealed record Row(double A);
}
