namespace Swan.MLNet.Metadata;

/// <summary>Which values of an ordered column pass: those in some ranges, or all others.</summary>
/// <param name="Lows">Where each range begins, itself included; rising.</param>
/// <param name="Highs">Where each range ends, itself included.</param>
/// <param name="Outside">Whether the others pass.</param>
internal readonly record struct ValueRanges<T>(T[] Lows, T[] Highs, bool Outside);

/// <summary>Comparisons as ranges of values.</summary>
internal static class ValueRanges
{
    /// <exception cref="SwanFilterException">The comparison doesn't fit numbers.</exception>
    public static ValueRanges<double> OfNumbers(FilterTerm term) => term switch
    {
        Comparison { Value.Content: double v } c => Of(c.Operator, double.MinValue, v, v, double.MaxValue,
            Math.BitDecrement(v), Math.BitIncrement(v)),
        Inclusion { List: [{ Content: double }, ..] } i => Joined(i.List, v => ((double)v.Content!, (double)v.Content), Math.BitIncrement),
        _ => throw FilterPlan.Misfit(term, SwanColumnType.Number),
    };

    /// <exception cref="SwanFilterException">The comparison doesn't fit dates.</exception>
    public static ValueRanges<long> OfDates(FilterTerm term) => term switch
    {
        Comparison { Value.Type: SwanColumnType.Date } c => Of(c.Operator, 0, c.Value.Ticks.First, c.Value.Ticks.Last, long.MaxValue,
            c.Value.Ticks.First - 1, c.Value.Ticks.Last + 1),
        Inclusion { List: [{ Type: SwanColumnType.Date }, ..] } i => Joined(i.List, v => v.Ticks, ticks => ticks + 1),
        _ => throw FilterPlan.Misfit(term, SwanColumnType.Date),
    };

    private static ValueRanges<T> Of<T>(FilterOperator comparison, T least, T first, T last, T greatest, T before, T after) =>
        comparison switch
        {
            FilterOperator.Equal => new([first], [last], false),
            FilterOperator.NotEqual => new([first], [last], true),
            FilterOperator.Less => new([least], [before], false),
            FilterOperator.LessOrEqual => new([least], [last], false),
            FilterOperator.Greater => new([after], [greatest], false),
            _ => new([first], [greatest], false),
        };

    // Ranges that touch or overlap become one, so a list of all days of a month costs one comparison.
    private static ValueRanges<T> Joined<T>(SwanFilterValue[] list, Func<SwanFilterValue, (T First, T Last)> ends, Func<T, T> next)
        where T : IComparable<T>
    {
        List<T> lows = [], highs = [];
        foreach ((T first, T last) in list.Select(ends).Order())
        {
            if (lows.Count > 0 && first.CompareTo(next(highs[^1])) <= 0)
            {
                if (last.CompareTo(highs[^1]) > 0) highs[^1] = last;
                continue;
            }
            lows.Add(first);
            highs.Add(last);
        }
        return new([.. lows], [.. highs], false);
    }
}
