using System.CommandLine;
using System.CommandLine.Parsing;

namespace Swan.Cli.Options;

/// <summary>Options as words for another command that has them, too.</summary>
internal static class GivenOptions
{
    /// <summary>Those that were given, with their values.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed, params ReadOnlySpan<Option> options)
    {
        var words = new List<string>();
        foreach (Option option in options)
        {
            if (parsed.GetResult(option) is not { Implicit: false } given) continue;
            words.Add(option.Name);
            foreach (Token value in given.Tokens) words.Add(value.Value);
        }
        return words;
    }
}
