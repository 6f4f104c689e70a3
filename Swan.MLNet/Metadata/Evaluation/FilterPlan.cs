using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>Which rows of a segment pass a filter.</summary>
internal static class FilterPlan
{
    /// <summary>The rows that pass, as a set of the caller's own.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="columns">The segment's columns by their names; of one that isn't there, all values are missing.</param>
    /// <param name="rows">The segment's rows, as many as each column has.</param>
    /// <param name="cancellationToken">Ends it within a millisecond or so.</param>
    /// <exception cref="SwanFilterException">A comparison doesn't fit its column's type.</exception>
    /// <exception cref="SwanFormatException">A column is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static RowBits Evaluate(
        SwanFilter filter, IReadOnlyDictionary<string, ColumnData> columns, int rows, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        switch (filter)
        {
            case Constant constant:
                return new RowBits(rows, constant.Passes);
            case Negation negation:
                RowBits contrary = Evaluate(negation.Inner, columns, rows, cancellationToken);
                contrary.Not();
                return contrary;
            case Combination combination:
                RowBits joined = Evaluate(combination.Parts[0], columns, rows, cancellationToken);
                foreach (SwanFilter part in combination.Parts.AsSpan(1))
                {
                    RowBits next = Evaluate(part, columns, rows, cancellationToken);
                    if (combination.All) joined.And(next);
                    else joined.Or(next);
                }
                return joined;
            default:
                return Evaluate((FilterTerm)filter, columns, rows, cancellationToken);
        }
    }

    /// <summary>That a comparison doesn't fit a column, which <see cref="SwanFilter.Check"/> says before a search.</summary>
    public static SwanFilterException Misfit(FilterTerm term, SwanColumnType type) =>
        new(term.Fault(type) ?? $"'{term}' can't be applied to a {ColumnValues.Name(type)} column.");

    private static RowBits Evaluate(
        FilterTerm term, IReadOnlyDictionary<string, ColumnData> columns, int rows, CancellationToken cancellation)
    {
        bool missing = term is MissingValue;
        if (!columns.TryGetValue(term.Name, out ColumnData? column)) return new RowBits(rows, all: missing);
        if (!missing) return column.Evaluate(term, cancellation);
        RowBits bits = column.Present();
        bits.Not();
        return bits;
    }
}
