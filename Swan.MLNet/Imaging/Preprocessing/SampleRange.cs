using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Swan.MLNet.Imaging;

/// <summary>Which samples of more than 8 bits become black and which white.</summary>
/// <remarks>
/// The limits are the full range of the sample type, two percentiles of the picture, or two values. Immutable. Its text is <c>full</c>,
/// <c>percentile 2 98</c> or <c>values 0 3000</c>. The mapping is linear between black and white, and clipped outside. Samples of 8 bits
/// are used as they are.
/// </remarks>
[JsonConverter(typeof(TextJsonConverter<SampleRange>))]
[TypeConverter(typeof(TextTypeConverter<SampleRange>))]
public sealed record SampleRange : IParsable<SampleRange>
{
    /// <summary>The forms that are read, for messages.</summary>
    internal const string Forms = "'full', 'percentile LOW HIGH' with two numbers from 0 to 100, or 'values LOW HIGH', "
        + "the lower number first, with a point for decimals";

    private const string FullName = "full";
    private const string PercentileName = "percentile";
    private const string ValuesName = "values";
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private SampleRange(double low, double high) => (Low, High) = (low, high);

    /// <summary>The full range of the sample type, such as 0 to 65,535.</summary>
    public static SampleRange Full { get; } = new(0, 100);

    /// <summary>The default rule: the percentiles 0.5 and 99.5.</summary>
    /// <remarks>Chosen by scene recall on satellite-like data: docs/results/ranges.md.</remarks>
    public static SampleRange Default { get; } = Percentiles(0.5, 99.5);

    /// <summary>The percentile from 0, or the value, that becomes black; 0 for <see cref="Full"/>.</summary>
    public double Low { get; }

    /// <summary>The percentile, or the value, above <see cref="Low"/> that becomes white; 100 for <see cref="Full"/>.</summary>
    public double High { get; }

    /// <summary>Whether the picture's own samples set the limits.</summary>
    public bool IsPercentile { get; private init; }

    /// <summary>Whether <see cref="Low"/> and <see cref="High"/> are samples.</summary>
    public bool IsValues { get; private init; }

    /// <summary>Two percentiles of a picture's valid samples; one pair for all color bands.</summary>
    /// <param name="low">From 0.</param>
    /// <param name="high">Above <paramref name="low"/>, up to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not in that order or range.</exception>
    public static SampleRange Percentiles(double low, double high) =>
        low >= 0 && low < high && high <= 100
            ? new SampleRange(low, high) { IsPercentile = true }
            : throw new ArgumentOutOfRangeException(
                nameof(low), FormattableString.Invariant($"{low} and {high}"),
                "Expected two percentiles from 0 to 100, the lower one first.");

    /// <summary>Two samples, in the units of the file, such as 0 and 3,000 for reflectances times 10,000.</summary>
    /// <param name="low">What becomes black; finite, may be negative.</param>
    /// <param name="high">What becomes white; finite, above <paramref name="low"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not finite or not in that order.</exception>
    public static SampleRange Values(double low, double high) =>
        double.IsFinite(high - low) && low < high
            ? new SampleRange(low, high) { IsValues = true }
            : throw new ArgumentOutOfRangeException(
                nameof(low), FormattableString.Invariant($"{low} and {high}"), "Expected two finite values, the lower one first.");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">A text such as <c>full</c>, <c>percentile 2 98</c> or <c>values 0 3000</c>, with a point as the decimal
    /// separator.</param>
    /// <param name="range">The range; null if the result is false.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SampleRange? range)
    {
        range = null;
        if (text == FullName)
        {
            range = Full;
        }
        else if (text?.Split(' ') is [PercentileName or ValuesName, string first, string second] and [var name, ..]
            && double.TryParse(first, Number, CultureInfo.InvariantCulture, out double low)
            && double.TryParse(second, Number, CultureInfo.InvariantCulture, out double high)
            && low < high)
        {
            if (name == ValuesName) range = double.IsFinite(high - low) ? Values(low, high) : null;
            else if (low >= 0 && high <= 100) range = Percentiles(low, high);
        }
        return range is not null;
    }

    static SampleRange IParsable<SampleRange>.Parse(string s, IFormatProvider? provider) =>
        TryParse(s, out SampleRange? range) ? range : throw new FormatException($"'{s}' is not a range of samples. Expected {Forms}.");

    static bool IParsable<SampleRange>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out SampleRange result) =>
        TryParse(s, out result);

    /// <summary><c>full</c>, or <c>percentile</c> or <c>values</c> and the two numbers.</summary>
    public override string ToString() => IsPercentile || IsValues
        ? FormattableString.Invariant($"{(IsValues ? ValuesName : PercentileName)} {Low} {High}")
        : FullName;
}
