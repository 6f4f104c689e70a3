using System.Globalization;

namespace Swan.MLNet.Numerics;

/// <summary>A number of things in words: <c>1 image</c>, <c>2,000 images</c>.</summary>
internal static class Counted
{
    /// <param name="count">How many.</param>
    /// <param name="one">The singular noun.</param>
    /// <param name="more">The plural noun; null adds an s.</param>
    public static string Of(long count, string one, string? more = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : more ?? $"{one}s")}");

    /// <summary><c>is</c> or <c>are</c>, and other words that depend on the number.</summary>
    public static string Verb(long count, string one = "is", string more = "are") => count == 1 ? one : more;
}
