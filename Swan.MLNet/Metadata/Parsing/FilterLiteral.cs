using System.Globalization;

namespace Swan.MLNet.Metadata;

/// <summary>Numbers and dates as they are written in a filter.</summary>
internal static class FilterLiteral
{
    // With a time zone or without; without, the time is UTC.
    private static readonly string[] s_instants =
        ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads a number or a date, or returns its fault.</summary>
    public static string? Read(string text, out SwanFilterValue value)
    {
        value = default;
        if (LooksLikeDate(text)) return ReadDate(text, out value);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            return $"'{Short(text)}' is neither a number, such as 12.5 or -3e6, nor a date, such as 2025-01-31.";
        if (!double.IsFinite(number)) return $"The number {Short(text)} is greater than any double, 1.8e308.";
        if (!ExactNumbers.Keeps(number, text)) return $"The number {Short(text)} is {ExactNumbers.Fault}";
        value = number;
        return null;
    }

    private static string? ReadDate(string text, out SwanFilterValue value)
    {
        value = default;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            value = day;
            return null;
        }
        if (DateTimeOffset.TryParseExact(text, s_instants, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant))
        {
            value = instant;
            return null;
        }
        return $"'{Short(text)}' is not a date. Write 2025-01-31 for the whole day in UTC, and 2025-01-31T12:00:00Z or "
            + "2025-01-31T12:00:00+02:00 for an instant.";
    }

    // Digits and, behind them, a hyphen or a colon: 2025-1-1 is a fault of a date, and not of a number.
    private static bool LooksLikeDate(string text)
    {
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        return digits > 0 && digits < text.Length && text[digits] is '-' or ':';
    }

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
