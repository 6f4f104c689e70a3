using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Swan.Cli.Options;

/// <summary>An option whose value is a number, read alike under every culture.</summary>
/// <remarks>
/// System.CommandLine reads numbers by the current culture and skips separators of thousands. <c>0,0002</c> would be 2 in most countries,
/// and <c>0.0002</c> would be 2 in Germany.
/// </remarks>
internal sealed class NumberOption<T> : Option<T>
    where T : struct, INumber<T>
{
    public NumberOption(string name) : base(name) => CustomParser = given => NumberText.Read(given, name, Fault) ?? default;

    /// <summary>What is wrong with a number, without a full stop, such as <c>expected 1 or more</c>; null where nothing is.</summary>
    /// <remarks>Not a validator of System.CommandLine: reading a value that is no number, a validator would throw.</remarks>
    public Func<T, string?>? Fault { get; set; }
}

/// <summary>The same, null where it is not given.</summary>
internal sealed class OptionalNumberOption<T> : Option<T?>
    where T : struct, INumber<T>
{
    public OptionalNumberOption(string name) : base(name) => CustomParser = given => NumberText.Read(given, name, Fault);

    /// <inheritdoc cref="NumberOption{T}.Fault"/>
    public Func<T, string?>? Fault { get; set; }
}

/// <summary>Reads numbers as JSON, configurations and help write them.</summary>
file static class NumberText
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;
    private const NumberStyles Any = Whole | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static T? Read<T>(ArgumentResult given, string name, Func<T, string?>? fault)
        where T : struct, INumber<T>
    {
        string text = given.Tokens[0].Value;
        bool whole = T.IsInteger(T.CreateTruncating(0.5));
        if (T.TryParse(text, whole ? Whole : Any, CultureInfo.InvariantCulture, out T number) && T.IsFinite(number))
        {
            if (fault?.Invoke(number) is { } wrong) given.AddError($"{name} is {text}; {wrong}.");
            return number;
        }
        given.AddError($"{name} is '{text}'; expected a number such as {(whole ? "20" : "0.0002, with a point and without commas")}.");
        return null;
    }
}
