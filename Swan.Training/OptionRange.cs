using System.Globalization;

namespace Swan.Training;

/// <summary>Checks an option that is a number.</summary>
internal static class OptionRange
{
    /// <summary>The sentence about a value outside its range; none for one within.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value; NaN is outside every range.</param>
    /// <param name="least">The smallest that is allowed.</param>
    /// <param name="most">The largest that is allowed.</param>
    /// <param name="why">The reason for the range.</param>
    public static IEnumerable<string> Faults(string name, double value, double least, double most, string why) =>
        value >= least && value <= most
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; expected {least} to {most}: {why}.")];
}
