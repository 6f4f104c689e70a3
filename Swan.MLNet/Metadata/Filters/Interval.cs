namespace Swan.MLNet.Metadata;

/// <summary>A column's value is neither less than one value nor greater than another.</summary>
internal static class Interval
{
    /// <exception cref="SwanFilterException">The values can't be an interval.</exception>
    public static SwanFilter Make(string column, SwanFilterValue low, SwanFilterValue high)
    {
        if (Fault(column, low, high) is { } fault) throw new SwanFilterException(fault);
        return Combination.Make(all: true,
            [new Comparison(column, FilterOperator.GreaterOrEqual, low), new Comparison(column, FilterOperator.LessOrEqual, high)]);
    }

    /// <summary>Why two values can't be an interval; null where they can.</summary>
    public static string? Fault(string column, SwanFilterValue low, SwanFilterValue high)
    {
        if (low.Type is null || high.Type is null)
            return $"'{column}' is compared with null. Nothing is less or greater than a missing value.";
        if (low.Type != high.Type) return $"The interval for '{column}' has values of two types, {low} and {high}. Write one type.";
        return IsReversed(low, high)
            ? $"'{column} between {low} and {high}' can't match: {low} is greater than {high}. Put the lesser value first."
            : null;
    }

    private static bool IsReversed(SwanFilterValue low, SwanFilterValue high) => (low.Content, high.Content) switch
    {
        (double least, double greatest) => least > greatest,
        (string least, string greatest) => string.CompareOrdinal(least, greatest) > 0,
        // Booleans have no order, which is said where the column is known.
        (bool, _) => false,
        _ => low.Ticks.First > high.Ticks.Last,
    };
}
