using System.Globalization;
using Swan.MLNet.Metadata;

namespace Swan.Batch.Indexes;

/// <summary>Interprets a cell of a file: infers its type if none is given, and reads its value.</summary>
internal static class GivenValue
{
    private static readonly string[] s_dates =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>How each type is written in CSV, for messages.</summary>
    public static string FormOf(SwanColumnType type) => type switch
    {
        SwanColumnType.Number => "a number such as 12.5",
        SwanColumnType.Date => "a date such as 2025-01-31 or 2025-01-31T12:00:00Z",
        SwanColumnType.Boolean => "true or false",
        SwanColumnType.Point => "a point such as 12.5 48",
        SwanColumnType.Box => "a box such as 12 47 13 48: west south east north",
        _ => "text",
    };

    /// <summary>The type that fits all values of a column: text where several would have to.</summary>
    /// <param name="values">The values, at least one: without any, the type is unknown.</param>
    public static SwanColumnType TypeOf(IReadOnlyCollection<object> values)
    {
        // 007 is a name.
        foreach (SwanColumnType type in (SwanColumnType[])
            [SwanColumnType.Boolean, SwanColumnType.Number, SwanColumnType.Date, SwanColumnType.Point, SwanColumnType.Box])
        {
            if (values.All(value => value is string text ? IsCertain(type, text) : Read(type, value) is not null)) return type;
        }
        return SwanColumnType.Text;
    }

    /// <summary>A cell as a value of a type; null where it can't be one.</summary>
    /// <param name="type">The type.</param>
    /// <param name="cell">Text, or what JSON had: a number, a boolean, or 2 or 4 numbers.</param>
    public static object? Read(SwanColumnType type, object cell) => (type, cell) switch
    {
        (SwanColumnType.Text, string text) => text,
        // An integer without the exponent that .NET gives it from 1E+15 on.
        (SwanColumnType.Text, double number) => number.ToString(
            double.IsInteger(number) && Math.Abs(number) < 1e20 ? "F0" : "R", CultureInfo.InvariantCulture),
        (SwanColumnType.Text, bool boolean) => boolean ? "true" : "false",
        (SwanColumnType.Number, double number) => number,
        (SwanColumnType.Number, string text) => Number(text),
        (SwanColumnType.Boolean, bool boolean) => boolean,
        (SwanColumnType.Boolean, string text) => bool.TryParse(text, out bool boolean) ? boolean : null,
        (SwanColumnType.Date, string text) => DateTimeOffset.TryParseExact(text, s_dates, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset date) ? date : null,
        (SwanColumnType.Point, double[] numbers) => Point(numbers),
        (SwanColumnType.Point, string text) => Numbers(text) is { } numbers ? Point(numbers) : null,
        (SwanColumnType.Box, double[] numbers) => Box(numbers),
        (SwanColumnType.Box, string text) => Numbers(text) is { } numbers ? Box(numbers) : null,
        _ => null,
    };

    private static bool IsCertain(SwanColumnType type, string text) => type switch
    {
        SwanColumnType.Point or SwanColumnType.Box => false,
        SwanColumnType.Number => text is not ['0', >= '0' and <= '9', ..] and not ['+', ..] && Read(type, text) is not null,
        _ => Read(type, text) is not null,
    };

    // A long identifier is no number: a double would make it one of its neighbors.
    private static object? Number(string text) => double.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture,
        out double number) && double.IsFinite(number) && ExactNumbers.Keeps(number, text) ? number : null;

    private static double[]? Numbers(string text)
    {
        object?[] numbers = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
        return numbers.All(number => number is not null) ? [.. numbers.Select(number => (double)number!)] : null;
    }

    private static object? Point(double[] numbers) => numbers is [double x, double y] ? new SwanPoint(x, y) : null;

    private static object? Box(double[] numbers) =>
        numbers is [double west, double south, double east, double north] && west <= east && south <= north
            ? new SwanBox(west, south, east, north)
            : null;
}
