using System.Globalization;

namespace Swan.MLNet.Metadata;

/// <summary>The .NET values that each column type takes, and their stored form.</summary>
internal static class ColumnValues
{
    /// <summary>The most UTF-16 code units of a text, in a column and in a filter.</summary>
    public const int MaxTextLength = 65_536;

    /// <summary>A type's name in errors.</summary>
    public static string Name(SwanColumnType type) => type switch
    {
        SwanColumnType.Text => "text",
        SwanColumnType.Number => "number",
        SwanColumnType.Date => "date",
        SwanColumnType.Boolean => "boolean",
        SwanColumnType.Point => "point",
        _ => "box",
    };

    /// <summary>The value in its stored form, or its fault.</summary>
    public static (object? Value, string? Fault) Make(SwanColumnType type, object? value) => (type, value) switch
    {
        (_, null) => default,
        (SwanColumnType.Text, string text) => TextFault(text) is { } fault ? (null, fault) : (text, null),
        (SwanColumnType.Number, _) when IsNumber(value) => Number(value),
        (SwanColumnType.Date, DateTimeOffset date) => (date.ToUniversalTime(), null),
        (SwanColumnType.Date, DateTime date) => (new DateTimeOffset(Ticks(date), TimeSpan.Zero), null),
        (SwanColumnType.Date, DateOnly day) => (new DateTimeOffset(day.ToDateTime(default), TimeSpan.Zero), null),
        (SwanColumnType.Boolean, bool) or (SwanColumnType.Point, SwanPoint) or (SwanColumnType.Box, SwanBox) => (value, null),
        _ => (null, $"it is {Kind(value)}, but the column's type is {Name(type)}, which takes {Takes(type)}."),
    };

    /// <summary>What is wrong with a text; null where nothing is.</summary>
    public static string? TextFault(string text)
    {
        if (text.Length > MaxTextLength)
            return FormattableString.Invariant($"it has {text.Length:N0} characters; a text may have at most {MaxTextLength:N0}.");
        int at = LoneSurrogate(text);
        return at < 0 ? null : $"character {at} is half of a surrogate pair (\\u{(int)text[at]:X4}), so the text is not valid UTF-16.";
    }

    /// <summary>A date's UTC ticks. One of unspecified kind is in UTC, so no result depends on the machine's time zone.</summary>
    public static long Ticks(DateTime date) => date.Kind == DateTimeKind.Local ? date.ToUniversalTime().Ticks : date.Ticks;

    /// <summary>Whether a value is one of .NET's numbers.</summary>
    public static bool IsNumber(object value) =>
        value is double or float or int or long or short or byte or sbyte or ushort or uint or ulong or decimal or Half;

    /// <summary>One of .NET's numbers as a double, or why it can't be one.</summary>
    public static (object? Value, string? Fault) Number(object value)
    {
        double number = value is Half half ? (double)half : Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
            return (null, FormattableString.Invariant($"it is {number}; expected a finite number. Leave unknown values out."));
        // The others are doubles, or have fewer bits.
        return value is long or ulong or decimal && Convert.ToString(value, CultureInfo.InvariantCulture) is { } text
            && !ExactNumbers.Keeps(number, text) ? (null, $"{text} is {ExactNumbers.Fault}") : (number, null);
    }

    /// <summary>What a value is, after "it is".</summary>
    public static string Kind(object value)
    {
        string type = value.GetType().Name;
        return value switch
        {
            string => $"a text ({type})",
            bool => $"a boolean ({type})",
            DateTimeOffset or DateTime or DateOnly => $"a date ({type})",
            SwanPoint => $"a point ({type})",
            SwanBox => $"a box ({type})",
            _ when IsNumber(value) => $"a number ({type})",
            _ => $"of the type {type}",
        };
    }

    private static string Takes(SwanColumnType type) => type switch
    {
        SwanColumnType.Text => "a string",
        SwanColumnType.Number => "any of .NET's numbers",
        SwanColumnType.Date => "DateTimeOffset, DateTime or DateOnly",
        SwanColumnType.Boolean => "a Boolean",
        SwanColumnType.Point => "a SwanPoint",
        _ => "a SwanBox",
    };

    private static int LoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return i;
            i++;
        }
        return -1;
    }
}
