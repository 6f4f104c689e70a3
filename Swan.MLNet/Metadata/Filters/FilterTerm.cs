namespace Swan.MLNet.Metadata;

/// <summary>A filter that looks at one column.</summary>
internal abstract class FilterTerm(string column) : SwanFilter
{
    /// <summary>The column's name.</summary>
    public string Name { get; } = column;

    internal override int Terms => 1;

    internal override IEnumerable<FilterTerm> AllTerms => [this];

    /// <summary>Why the filter doesn't suit a column of this type; null if it does.</summary>
    public abstract string? Fault(SwanColumnType type);

    /// <summary>The error for a comparison of two types.</summary>
    protected string Mismatch(SwanColumnType type, SwanFilterValue value)
    {
        string what = $"'{Name}' is a {ColumnValues.Name(type)} column, but {value} is a {ColumnValues.Name(value.Type!.Value)}. ";
        return what + type switch
        {
            SwanColumnType.Text => "Write texts in quotes, as in 'north'.",
            SwanColumnType.Number => "Write a number without quotes, as in 12.5.",
            SwanColumnType.Date => "Write a date without quotes, as in 2025-01-31 or 2025-01-31T12:00:00Z.",
            SwanColumnType.Boolean => "Write true or false without quotes.",
            SwanColumnType.Point => "Find points 'within box(west, south, east, north)' or 'within polygon((x y, x y, x y))'.",
            _ => "Find boxes that are 'within' or 'intersects' box(west, south, east, north) or polygon((x y, x y, x y)).",
        };
    }
}
