using System.Globalization;

namespace Swan.MLNet.Metadata;

/// <summary>Size limits that keep filters from overflowing the stack or taking minutes.</summary>
internal static class FilterLimits
{
    public const int MaxTerms = 10_000, MaxValues = 100_000, MaxDepth = 100;

    /// <summary>Parentheses that may be open in a text; a filter of <see cref="MaxDepth"/> levels is written with at most one a level.
    /// </summary>
    public const int MaxOpen = 2 * MaxDepth;

    public static string TooManyTerms { get; } = Say(
        $"The filter has more than {MaxTerms:N0} comparisons. Put values of one column into a list: 'column in (…)'.");

    public static string TooManyValues { get; } = Say(
        $"The filter has more than {MaxValues:N0} list values and polygon corners. Split the query, or simplify the polygons.");

    public static string TooDeep { get; } = Say($"The filter nests deeper than {MaxDepth} levels of 'and', 'or', 'not' and parentheses.");

    /// <exception cref="SwanFilterException">A filter is larger than it may be.</exception>
    public static void Require(int terms, int values, int depth)
    {
        if (terms > MaxTerms) throw new SwanFilterException(TooManyTerms);
        if (values > MaxValues) throw new SwanFilterException(TooManyValues);
        if (depth > MaxDepth) throw new SwanFilterException(TooDeep);
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
