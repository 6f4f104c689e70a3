namespace Swan.MLNet.Metadata;

/// <summary>A named column, whose operators and methods make filters; <see cref="SwanFilter.Column"/> creates one.</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
#pragma warning disable CS0660, CS0661 // == makes a filter and compares no columns, so Equals stays that of any object.
public sealed class SwanFilterColumn
#pragma warning restore CS0660, CS0661
{
    internal SwanFilterColumn(string name) => Name = name;

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>Rows with this value; with null, rows with a missing value.</summary>
    /// <param name="column">The column.</param>
    /// <param name="value">The value.</param>
    public static SwanFilter operator ==(SwanFilterColumn column, SwanFilterValue value) => column.Compare(FilterOperator.Equal, value);

    /// <summary>Rows with another value; with null, rows with any value.</summary>
    /// <param name="column">The column.</param>
    /// <param name="value">The value.</param>
    public static SwanFilter operator !=(SwanFilterColumn column, SwanFilterValue value) => column.Compare(FilterOperator.NotEqual, value);

    /// <summary>Rows whose value is less.</summary>
    /// <param name="column">The column.</param>
    /// <param name="value">A text, a number or a date.</param>
    public static SwanFilter operator <(SwanFilterColumn column, SwanFilterValue value) => column.Compare(FilterOperator.Less, value);

    /// <summary>Rows whose value is less or the same.</summary>
    /// <param name="column">The column.</param>
    /// <param name="value">A text, a number or a date.</param>
    public static SwanFilter operator <=(SwanFilterColumn column, SwanFilterValue value) =>
        column.Compare(FilterOperator.LessOrEqual, value);

    /// <summary>Rows whose value is greater.</summary>
    /// <param name="column">The column.</param>
    /// <param name="value">A text, a number or a date.</param>
    public static SwanFilter operator >(SwanFilterColumn column, SwanFilterValue value) => column.Compare(FilterOperator.Greater, value);

    /// <summary>Rows whose value is greater or the same.</summary>
    /// <param name="column">The column.</param>
    /// <param name="value">A text, a number or a date.</param>
    public static SwanFilter operator >=(SwanFilterColumn column, SwanFilterValue value) =>
        column.Compare(FilterOperator.GreaterOrEqual, value);

    /// <summary>Rows whose value is one of these.</summary>
    /// <param name="values">At least one, none of them null; at most 100,000 in a filter.</param>
    /// <exception cref="SwanFilterException">The list is empty or too long, or a value is null.</exception>
    public SwanFilter In(params IEnumerable<SwanFilterValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Inclusion.Make(Name, values);
    }

    /// <summary>Rows whose value is neither less than one value nor greater than another.</summary>
    /// <param name="low">A text, a number or a date.</param>
    /// <param name="high">One of the same type that is not less.</param>
    /// <exception cref="SwanFilterException">The values have two types or the wrong order, or one is null.</exception>
    public SwanFilter Between(SwanFilterValue low, SwanFilterValue high) => Interval.Make(Name, low, high);

    /// <summary>Rows whose text contains this part.</summary>
    /// <param name="part">The part, compared by UTF-16 code units.</param>
    public SwanFilter Contains(string part) => Match(TextMatchKind.Contains, part);

    /// <summary>Rows whose text starts with this part.</summary>
    /// <param name="part">The part, compared by UTF-16 code units.</param>
    public SwanFilter StartsWith(string part) => Match(TextMatchKind.StartsWith, part);

    /// <summary>Rows whose text ends with this part.</summary>
    /// <param name="part">The part, compared by UTF-16 code units.</param>
    public SwanFilter EndsWith(string part) => Match(TextMatchKind.EndsWith, part);

    /// <summary>Rows whose point or box lies in a box, its boundary included.</summary>
    /// <param name="box">The box.</param>
    public SwanFilter Within(SwanBox box) => new Placement(Name, PlacementKind.Within, box);

    /// <summary>Rows whose point or box lies in a polygon, its boundary included.</summary>
    /// <param name="polygon">The polygon.</param>
    public SwanFilter Within(SwanPolygon polygon) => new Placement(Name, PlacementKind.Within, polygon);

    /// <summary>Rows whose box shares a point with a box.</summary>
    /// <param name="box">The box.</param>
    public SwanFilter Intersects(SwanBox box) => new Placement(Name, PlacementKind.Intersects, box);

    /// <summary>Rows whose box shares a point with a polygon.</summary>
    /// <param name="polygon">The polygon.</param>
    public SwanFilter Intersects(SwanPolygon polygon) => new Placement(Name, PlacementKind.Intersects, polygon);

    /// <summary>Rows whose value is missing.</summary>
    public SwanFilter IsNull() => new MissingValue(Name);

    /// <summary>Rows that have a value.</summary>
    public SwanFilter IsNotNull() => Negation.Make(IsNull());

    /// <summary>The column's name.</summary>
    public override string ToString() => Name;

    internal SwanFilter Compare(FilterOperator comparison, SwanFilterValue value) => (value.Content, comparison) switch
    {
        (null, FilterOperator.Equal) => IsNull(),
        (null, FilterOperator.NotEqual) => IsNotNull(),
        (null, _) => throw new SwanFilterException($"'{Name}' is compared with null. Nothing is less or greater than a missing value."),
        _ => new Comparison(Name, comparison, value),
    };

    private TextMatch Match(TextMatchKind kind, string part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return new TextMatch(Name, kind, (string)SwanFilterValue.Of(part).Content!);
    }
}
