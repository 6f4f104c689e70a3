using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Text;
using System.Text.Json.Serialization;

namespace Swan.MLNet.Metadata;

/// <summary>Selects rows of an index by the values of their columns.</summary>
/// <remarks>
/// <para>Three forms make the same filter: operators, <c>SwanFilter.Column("date") &gt;= new DateOnly(2025, 1, 1) &amp;
/// SwanFilter.Column("region") == "north"</c>; text, <see cref="Parse"/>; and an expression over a record, <see
/// cref="From{T}(Expression{Func{T, bool}}, Func{string, string}?)"/>.</para>
/// <para>A row passes or it doesn't, without a third value. A comparison with a missing value is false, even <c>!=</c>. <c>not</c>
/// inverts the result, so <c>not region = 'north'</c> finds rows without a region, and <c>region != 'north'</c> doesn't.</para>
/// <para>At most 10,000 comparisons, 100,000 list values and polygon corners in all, and 100 levels.</para>
/// Immutable, and equal to every filter with the same text. Safe for concurrent use.
/// </remarks>
[JsonConverter(typeof(TextJsonConverter<SwanFilter>))]
public abstract class SwanFilter : IEquatable<SwanFilter>, IParsable<SwanFilter>
{
    // Not for others to derive from: FilterPlan knows all kinds.
    private protected SwanFilter()
    {
    }

    /// <summary>Comparisons in it.</summary>
    internal abstract int Terms { get; }

    /// <summary>Values of lists and corners of polygons in it.</summary>
    internal virtual int Values => 0;

    /// <summary>Levels of and, or and not, and one for a comparison.</summary>
    internal virtual int Depth => 1;

    /// <summary>Its comparisons, in their order.</summary>
    internal abstract IEnumerable<FilterTerm> AllTerms { get; }

    /// <summary>Names a column, whose operators and methods compare it with values.</summary>
    /// <param name="name">The column's name.</param>
    /// <exception cref="ArgumentException">No column can have that name.</exception>
    public static SwanFilterColumn Column(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (SwanColumn.NameFault(name) is { } fault) throw new ArgumentException(fault, nameof(name));
        return new SwanFilterColumn(name);
    }

    /// <summary>Reads a filter, such as <c>date &gt;= 2025-01-01 and region = 'north'</c>.</summary>
    /// <remarks>docs/guide/index-columns.md describes the language. The text of <see cref="ToString"/> gives an equal filter.</remarks>
    /// <param name="text">The text.</param>
    /// <param name="columns">The existing columns; with null, the filter is parsed but not checked.</param>
    /// <exception cref="SwanFilterException">The text is invalid, or doesn't match the columns; the message shows the place.</exception>
    public static SwanFilter Parse(string text, IEnumerable<SwanColumn>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new FilterParser(text, columns is null ? null : new ColumnSet(columns)).Parse();
    }

    static SwanFilter IParsable<SwanFilter>.Parse(string s, IFormatProvider? provider)
    {
        try
        {
            return Parse(s);
        }
        catch (SwanFilterException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    static bool IParsable<SwanFilter>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out SwanFilter result)
    {
        result = null;
        try
        {
            if (s is not null) result = Parse(s);
        }
        catch (SwanFilterException)
        {
            // What is wrong with it, Parse says.
        }
        return result is not null;
    }

    /// <summary>Makes a filter of a C# expression over a record, such as <c>t =&gt; t.Date &gt;= since &amp;&amp; t.Region == "north"</c>.
    /// </summary>
    /// <remarks>
    /// Captured variables are evaluated now. For missing values, comparisons follow the filter's rules, not C#'s: <c>t.Region !=
    /// "north"</c> does not find rows without a region. Text is compared by UTF-16 code units.
    /// </remarks>
    /// <typeparam name="T">The record; properties, fields, or an indexer of names.</typeparam>
    /// <param name="expression">The condition on a row.</param>
    /// <param name="columnName">The column of a property; null: the property's own name.</param>
    /// <exception cref="SwanFilterException">A part of the expression can't become a filter; the message quotes it.</exception>
    public static SwanFilter From<T>(Expression<Func<T, bool>> expression, Func<string, string>? columnName = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new ExpressionTranslator(expression.Parameters[0], columnName).Translate(expression.Body);
    }

    /// <summary>Rows that pass both.</summary>
    /// <param name="left">One filter.</param>
    /// <param name="right">The other.</param>
    /// <exception cref="SwanFilterException">The filter gets too many parts.</exception>
    public static SwanFilter operator &(SwanFilter left, SwanFilter right) => Combination.Make(all: true, [left, right]);

    /// <summary>Rows that pass at least one of them.</summary>
    /// <param name="left">One filter.</param>
    /// <param name="right">The other.</param>
    /// <exception cref="SwanFilterException">The filter gets too many parts.</exception>
    public static SwanFilter operator |(SwanFilter left, SwanFilter right) => Combination.Make(all: false, [left, right]);

    /// <summary>Rows that don't pass, rows with missing values included.</summary>
    /// <param name="filter">The filter.</param>
    /// <exception cref="SwanFilterException">The filter gets too many levels.</exception>
    public static SwanFilter operator !(SwanFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Negation.Make(filter);
    }

    /// <summary>Refuses unknown columns, and comparisons that a column's type doesn't support.</summary>
    /// <param name="columns">The existing columns.</param>
    /// <exception cref="SwanFilterException">The filter doesn't match the columns; the message names every error.</exception>
    public void Check(IEnumerable<SwanColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var set = new ColumnSet(columns);
        string[] faults = [.. AllTerms.Select(set.Fault).OfType<string>().Distinct().Take(10)];
        if (faults.Length > 0) throw new SwanFilterException($"The filter doesn't fit the columns. {string.Join("\n", faults)}");
    }

    /// <summary>The filter's text, which <see cref="Parse"/> reads back as an equal filter.</summary>
    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    /// <summary>Whether another filter has the same text.</summary>
    /// <param name="other">The other filter.</param>
    public abstract bool Equals(SwanFilter? other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as SwanFilter);

    /// <inheritdoc/>
    public abstract override int GetHashCode();

    /// <summary>Appends the text.</summary>
    internal abstract void Write(StringBuilder text);
}
