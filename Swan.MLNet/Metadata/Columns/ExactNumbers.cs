using System.Globalization;

namespace Swan.MLNet.Metadata;

/// <summary>Selects the numbers that a double keeps, so no number is found in place of another.</summary>
/// <remarks>
/// A whole number has to be that double: keys of databases are such numbers. Of others a double keeps 15 digits. Below 10^15 those reach
/// behind the point, and a fraction becomes the nearest double. From there on a number with a fraction, or one that is written with an
/// exponent as 1e23 is, has to be the double itself or its shortest text.
/// </remarks>
internal static class ExactNumbers
{
    /// <summary>The fault of a number that isn't kept, after "… is".</summary>
    public const string Fault = "not one that a number column can hold: a double holds whole numbers up to 2^53 (9007199254740992) "
        + "exactly, and 15 digits of others. Store such numbers as text.";

    private const double Digits15 = 1e15;

    /// <summary>Whether a double keeps a number.</summary>
    /// <param name="number">The nearest double; finite.</param>
    /// <param name="text">The number: digits, perhaps with a sign, a point and an exponent.</param>
    public static bool Keeps(double number, string text)
    {
        if (Math.Abs(number) < Digits15) return true;
        Written given = Written.Of(text);
        // From 10^15 on no double has more than three digits behind the point.
        if (given == Written.Of(number.ToString("F3", CultureInfo.InvariantCulture))) return true;
        return (given.HasFraction || given.HasExponent) && given == Written.Of(number.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>A number as <c>digits × 10^exponent</c>, without zeros around the digits. Signs are left out.</summary>
    private readonly struct Written
    {
        private readonly string _digits;
        private readonly int _exponent;

        private Written(string digits, int exponent, bool hasExponent)
        {
            string ending = digits.TrimEnd('0');
            (_digits, _exponent, HasExponent) = (ending.TrimStart('0'), exponent + digits.Length - ending.Length, hasExponent);
        }

        public bool HasExponent { get; }

        public bool HasFraction => _exponent < 0;

        public static bool operator ==(Written left, Written right) => left.Equals(right);

        public static bool operator !=(Written left, Written right) => !left.Equals(right);

        public static Written Of(string text)
        {
            string[] parts = text.TrimStart('+', '-').Split('e', 'E');
            int exponent = parts.Length == 1 ? 0 : int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            int point = parts[0].IndexOf('.', StringComparison.Ordinal);
            return point < 0
                ? new Written(parts[0], exponent, parts.Length > 1)
                : new Written(parts[0].Remove(point, 1), exponent - (parts[0].Length - point - 1), parts.Length > 1);
        }

        public override bool Equals(object? obj) => obj is Written other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_digits, _exponent);

        private bool Equals(Written other) => _digits == other._digits && _exponent == other._exponent;
    }
}
