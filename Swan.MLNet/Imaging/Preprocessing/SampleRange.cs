using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Swan.MLNet.Imaging;

/// <summary>
/// Which samples become black and which white, where neither the caller nor the file says: the whole range of their type, or two
/// percentiles of the picture.
/// </summary>
/// <remarks>Immutable. It is written as <c>full</c> or <c>percentile 2 98</c>. Samples of 8 bits always mean what they say.</remarks>
[JsonConverter(typeof(SampleRangeJsonConverter))]
public sealed record SampleRange
{
    private const string FullName = "full";
    private const string PercentileName = "percentile";
    private const NumberStyles Number = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private SampleRange(double low, double high) => (Low, High) = (low, high);

    /// <summary>The whole range of the samples' type, such as 0 to 65,535.</summary>
    public static SampleRange Full { get; } = new(0, 100);

    /// <summary>The percentile that becomes black, from 0 and below <see cref="High"/>; 0 for <see cref="Full"/>.</summary>
    public double Low { get; }

    /// <summary>The percentile that becomes white, above <see cref="Low"/> and up to 100; 100 for <see cref="Full"/>.</summary>
    public double High { get; }

    /// <summary>Whether the picture's own samples decide.</summary>
    public bool IsPercentile { get; private init; }

    /// <summary>Two percentiles of a picture's samples.</summary>
    /// <param name="low">From 0.</param>
    /// <param name="high">Above <paramref name="low"/>, up to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not in that order or range.</exception>
    public static SampleRange Percentiles(double low, double high) =>
        low >= 0 && low < high && high <= 100
            ? new SampleRange(low, high) { IsPercentile = true }
            : throw new ArgumentOutOfRangeException(
                nameof(low), FormattableString.Invariant($"{low} and {high}"),
                "Expected two percentiles from 0 to 100, the lower one first.");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">Such as <c>full</c> or <c>percentile 2 98</c>, with a point as the decimal separator.</param>
    /// <param name="range">What it says; null where the result is false.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SampleRange? range)
    {
        range = null;
        if (text == FullName)
        {
            range = Full;
        }
        else if (text?.Split(' ') is [PercentileName, string first, string second]
            && double.TryParse(first, Number, CultureInfo.InvariantCulture, out double low)
            && double.TryParse(second, Number, CultureInfo.InvariantCulture, out double high)
            && low < high && high <= 100)
        {
            range = Percentiles(low, high);
        }
        return range is not null;
    }

    /// <summary><c>full</c>, or <c>percentile</c> and the two numbers.</summary>
    public override string ToString() => IsPercentile ? FormattableString.Invariant($"{PercentileName} {Low} {High}") : FullName;
}
