using System.Globalization;
using System.Text.RegularExpressions;

namespace Swan.MLNet.Imaging;

/// <summary>Reads numbers in text like GDAL.</summary>
internal static partial class TiffNumber
{
    /// <summary>The number that a text begins with, with a decimal point or comma; null where it begins with none.</summary>
    public static double? In(string text) => text.Trim().ToLowerInvariant() switch
    {
        // As C's printf writes what is no number.
        "nan" or "-nan" or "1.#qnan" or "-1.#ind" => double.NaN,
        "inf" or "+inf" or "1.#inf" => double.PositiveInfinity,
        "-inf" or "-1.#inf" => double.NegativeInfinity,
        var plain => Start().Match(plain) is { Success: true } match
            ? double.Parse(match.Value.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture)
            : null,
    };

    [GeneratedRegex(@"^[+-]?([0-9]{1,400}([.,][0-9]{0,400})?|[.,][0-9]{1,400})(e[+-]?[0-9]{1,9})?", RegexOptions.CultureInvariant)]
    private static partial Regex Start();
}
