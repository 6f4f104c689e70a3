using System.CommandLine;
using System.CommandLine.Parsing;

namespace Swan.Cli.Tests.Guides;

/// <summary>What the documents say of the command line is what the command has.</summary>
public sealed class GuideCommandsTests
{
    [Fact]
    public void Every_command_and_option_in_the_documents_exists()
    {
        GuideCommand[] commands = [.. GuideCommand.Documents.SelectMany(GuideCommand.Of)];
        Assert.True(commands.Length > 50, $"only {commands.Length} commands were found");
        string[] unknown = [.. commands.SelectMany(command => Alternatives(command.Arguments)
            .SelectMany(arguments => SwanCommand.Create().Parse(arguments).UnmatchedTokens)
            .Select(word => $"{command}: '{word}' is neither a command nor an option nor a value of one"))];
        Assert.True(unknown.Length == 0, string.Join('\n', unknown));
    }

    [Fact]
    public void A_command_line_in_the_documents_is_complete()
    {
        GuideCommand[] lines = [.. GuideCommand.Documents.SelectMany(GuideCommand.Of).Where(command => command.IsLine)];
        Assert.True(lines.Length > 25, $"only {lines.Length} command lines were found");
        string[] faults = [.. lines.SelectMany(line => line.Parse().Errors.Select(error => $"{line}: {error.Message}"))];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    // 'job plan|run' are two, 'failed OUT [--reason Truncated]' is one with all that it can have, 'COMMAND --help' is any's.
    private static IEnumerable<string[]> Alternatives(string arguments)
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(arguments.Replace("[", "", StringComparison.Ordinal)
            .Replace("]", "", StringComparison.Ordinal).Replace("COMMAND", "embed", StringComparison.Ordinal))];
        int at = Array.FindIndex(words, word => word.Contains('|', StringComparison.Ordinal));
        return at < 0 ? [words] : words[at].Split('|').Select(word => (string[])[.. words[..at], word, .. words[(at + 1)..]]);
    }
}
