using System.Globalization;
using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>A value for comparison with a column, converted from a .NET value.</summary>
/// <remarks>
/// A <see cref="DateOnly"/> is the whole day in UTC: every instant of the day equals it, and later means after the day.
/// <see cref="DateTimeOffset"/> and <see cref="DateTime"/> are instants; an unspecified kind means UTC. Null means a missing value.
/// Immutable; safe for concurrent use.
/// </remarks>
public readonly struct SwanFilterValue : IEquatable<SwanFilterValue>
{
    private const string DayFormat = "yyyy-MM-dd", InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private SwanFilterValue(object? content) => Content = content;

    /// <summary>Null, a string, a double, a bool, a DateTimeOffset in UTC (an instant) or a DateOnly (a day).</summary>
    internal object? Content { get; }

    /// <summary>The type of column that it can be compared with; null for a missing value.</summary>
    internal SwanColumnType? Type => Content switch
    {
        null => null,
        string => SwanColumnType.Text,
        double => SwanColumnType.Number,
        bool => SwanColumnType.Boolean,
        _ => SwanColumnType.Date,
    };

    /// <summary>A date's first and last UTC tick: a day's, or the instant twice.</summary>
    internal (long First, long Last) Ticks => Content is DateOnly day
        ? (day.ToDateTime(default).Ticks, day.ToDateTime(default).Ticks + (TimeSpan.TicksPerDay - 1))
        : (((DateTimeOffset)Content!).UtcTicks, ((DateTimeOffset)Content!).UtcTicks);

    /// <summary>A text, or a missing value.</summary>
    /// <param name="value">At most 65,536 UTF-16 code units, without halves of surrogate pairs.</param>
    /// <exception cref="ArgumentException">No column can hold that text.</exception>
    public static implicit operator SwanFilterValue(string? value) => Of(value);

    /// <summary>A number.</summary>
    /// <param name="value">Finite.</param>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public static implicit operator SwanFilterValue(double value) => Of(value);

    /// <summary>A number.</summary>
    /// <param name="value">Any.</param>
    public static implicit operator SwanFilterValue(int value) => Of(value);

    /// <summary>A number.</summary>
    /// <param name="value">One that a double holds exactly.</param>
    /// <exception cref="ArgumentException">A double can't hold it.</exception>
    public static implicit operator SwanFilterValue(long value) => Of(value);

    /// <summary>True or false.</summary>
    /// <param name="value">Either.</param>
    public static implicit operator SwanFilterValue(bool value) => Of(value);

    /// <summary>An instant, in UTC where the kind is unspecified.</summary>
    /// <param name="value">Any.</param>
    public static implicit operator SwanFilterValue(DateTime value) => Of(value);

    /// <summary>An instant.</summary>
    /// <param name="value">Any.</param>
    public static implicit operator SwanFilterValue(DateTimeOffset value) => Of(value);

    /// <summary>A whole day, in UTC.</summary>
    /// <param name="value">Any.</param>
    public static implicit operator SwanFilterValue(DateOnly value) => Of(value);

    /// <summary>Whether two values are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    public static bool operator ==(SwanFilterValue left, SwanFilterValue right) => left.Equals(right);

    /// <summary>Whether two values differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    public static bool operator !=(SwanFilterValue left, SwanFilterValue right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SwanFilterValue other) => Equals(Content, other.Content);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SwanFilterValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Content?.GetHashCode() ?? 0;

    /// <summary>The value as filters write it, such as <c>'north'</c>, <c>1.5</c>, <c>2025-01-01</c> or <c>true</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    internal void Write(StringBuilder text) => _ = Content switch
    {
        null => text.Append("null"),
        string value => text.Append('\'').Append(value.Replace("'", "''", StringComparison.Ordinal)).Append('\''),
        bool value => text.Append(value ? "true" : "false"),
        DateOnly value => text.Append(value.ToString(DayFormat, CultureInfo.InvariantCulture)),
        DateTimeOffset value => text.Append(value.ToString(InstantFormat, CultureInfo.InvariantCulture)),
        object value => text.Append(((double)value).ToString("R", CultureInfo.InvariantCulture)),
    };

    /// <summary>A value of any type that columns take.</summary>
    /// <exception cref="ArgumentException">Columns have no such values.</exception>
    internal static SwanFilterValue Of(object? value)
    {
        if (TryMake(value, out SwanFilterValue made) is { } fault)
            throw new ArgumentException($"A filter can't compare with this value: {fault}", nameof(value));
        return made;
    }

    /// <summary>Makes a value of any type that columns take, or returns its fault.</summary>
    internal static string? TryMake(object? value, out SwanFilterValue made)
    {
        (object? content, string? fault) = value switch
        {
            null => default,
            string => ColumnValues.Make(SwanColumnType.Text, value),
            bool or DateOnly => (value, null),
            DateTime or DateTimeOffset => ColumnValues.Make(SwanColumnType.Date, value),
            SwanPoint => (null, "it is a point. Find the points within a box or a polygon."),
            SwanBox or SwanPolygon => (null, "it is a shape. Use 'within' or 'intersects'."),
            _ when ColumnValues.IsNumber(value) => ColumnValues.Number(value),
            _ => (null, $"it is {ColumnValues.Kind(value)}; expected a text, number, date or boolean."),
        };
        made = new SwanFilterValue(content);
        return fault;
    }
}
