using System.Globalization;
using System.Text.RegularExpressions;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Scenes;

/// <summary>When a scene was taken, as far as its file says.</summary>
internal static partial class SceneDate
{
    private const int DateTimeTag = 306;
    private const int MostText = 64;

    // What cameras and satellites were there to take.
    private static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The date in the file's name, else that of its tag DateTime; null where neither has one.</summary>
    /// <remarks>
    /// The name comes first, as products are named after the time of their pictures, and programs that convert them write the tag. A tag
    /// has no time zone; it is read as UTC.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="directory">Its first directory.</param>
    public static DateTimeOffset? Find(string path, TiffDirectory directory) =>
        InName(Path.GetFileNameWithoutExtension(path)) ?? InTag(directory.Text(DateTimeTag, MostText));

    /// <summary>A date such as 20240131, 2024-01-31 or 20240131T101559 in a file's name; the first one.</summary>
    internal static DateTimeOffset? InName(string name)
    {
        foreach (Match match in Dated().Matches(name))
        {
            string text = match.Groups["day"].Value.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal)
                + (match.Groups["time"].Success ? match.Groups["time"].Value : "000000");
            if (Parsed(text, "yyyyMMddHHmmss") is { } date) return date;
        }
        return null;
    }

    /// <summary>A date as TIFF writes it, such as 2024:01:31 10:15:59.</summary>
    internal static DateTimeOffset? InTag(string? text) => text is null ? null : Parsed(text.Trim(), "yyyy:MM:dd HH:mm:ss");

    private static DateTimeOffset? Parsed(string text, string format) =>
        DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            && date >= Earliest && date <= DateTimeOffset.UtcNow.AddDays(1) ? date : null;

    [GeneratedRegex(@"(?<!\d)(?<day>(?:19|20)\d\d(?<s>[-_]?)\d\d\k<s>\d\d)(?:T(?<time>\d{6}))?(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Dated();
}
