using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Swan.Cli.Tests.Guides;

/// <summary>A command line of <c>swan</c> in a document.</summary>
/// <param name="Document">The document's path in the repository.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">The line as a shell takes it, lines that it continues on included.</param>
/// <param name="IsLine">Whether it stands in a block: then it is a whole command line, otherwise perhaps a part of one.</param>
internal sealed partial record GuideCommand(string Document, int Line, string Text, bool IsLine)
{
    private const string Fence = "```";

    private static readonly string[] s_places = ["README.md", "Swan.Cli/README.md", "docs/guide"];

    /// <summary>The documents that explain the command to its users.</summary>
    public static IEnumerable<string> Documents => s_places
        .Select(place => Path.Combine(Repository.Root, place))
        .SelectMany(path => File.Exists(path) ? [path] : Directory.GetFiles(path, "*.md").Order(StringComparer.Ordinal).ToArray())
        .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'));

    /// <summary>The command line as <c>swan</c> takes it.</summary>
    public ParseResult Parse() => SwanCommand.Create().Parse([.. CommandLineParser.SplitCommandLine(Arguments)]);

    /// <summary>The words that <c>swan</c> gets: without a comment, and without what the shell does with the output.</summary>
    public string Arguments => Shell().Match(Text).Groups["command"].Value.Trim()["swan".Length..].Replace('\'', '"');

    /// <summary>A document's commands in order, from blocks and from text.</summary>
    public static IEnumerable<GuideCommand> Of(string document)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, document));
        bool block = false;
        for (int i = 0; i < lines.Length; i++)
        {
            int number = i + 1;
            if (lines[i].StartsWith(Fence, StringComparison.Ordinal)) block = !block;
            else if (!block)
            {
                foreach (Match inline in Inline().Matches(lines[i]))
                    yield return new(document, number, inline.Groups["command"].Value, IsLine: false);
            }
            else if (lines[i].StartsWith("swan ", StringComparison.Ordinal))
            {
                string text = lines[i];
                while (text.EndsWith('\\')) text = text[..^1] + lines[++i].TrimStart();
                yield return new(document, number, text, IsLine: true);
            }
        }
    }

    public override string ToString() => $"{Document}:{Line} {Text}";

    [GeneratedRegex("`(?<command>swan [^`]+)`")]
    private static partial Regex Inline();

    // Up to a comment or a redirection outside of quotes.
    [GeneratedRegex("""^(?<command>(?:"[^"]*"|'[^']*'|[^"'#>])*)""")]
    private static partial Regex Shell();
}
