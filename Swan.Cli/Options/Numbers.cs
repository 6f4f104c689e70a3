using System.CommandLine.Parsing;
using System.Globalization;

namespace Swan.Cli.Options;

/// <summary>Options that take several numbers, with commas between them.</summary>
internal static class Numbers
{
    /// <summary>Reads such an option, or adds the error to it.</summary>
    /// <param name="given">What the command line says.</param>
    /// <param name="least">The lowest number.</param>
    public static double[]? Parse(ArgumentResult given, double least)
    {
        string text = given.Tokens[0].Value;
        var numbers = new List<double>();
        foreach (string part in text.Split(','))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) || number < least)
            {
                given.AddError($"{(given.Parent as OptionResult)?.Option.Name} is '{text}'; expected numbers from {least}, separated by "
                    + "commas, such as 320,640.");
                return null;
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }
}
