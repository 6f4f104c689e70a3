using System.Text.RegularExpressions;

namespace Swan.Architecture.Tests.Sources;

/// <summary>A block of C# in a document.</summary>
/// <param name="Document">Its path in the repository.</param>
/// <param name="Line">The line of its first statement, from 1.</param>
/// <param name="Code">Its lines.</param>
/// <param name="Note">
/// The comment right before it, as in <c>&lt;!-- from samples/AutoMLPipeline --&gt;</c>; null where there is none.
/// </param>
internal sealed partial record CodeBlock(string Document, int Line, string Code, string? Note)
{
    private const string Fence = "```";

    /// <summary>The folder whose sources hold the block's lines.</summary>
    public string? Origin => Value("from");

    /// <summary>Why nothing here can compile it.</summary>
    public string? Excuse => Value("not compiled:");

    public static IEnumerable<CodeBlock> Of(string document)
    {
        string[] lines = File.ReadAllLines(document);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] != $"{Fence}csharp") continue;
            int end = Array.IndexOf(lines, Fence, i);
            string? note = i == 0 ? null : Comment().Match(lines[i - 1]) is { Success: true } found ? found.Groups["text"].Value : null;
            yield return new(RepositoryFiles.Relative(document), i + 2, string.Join('\n', lines[(i + 1)..end]), note);
            i = end;
        }
    }

    public override string ToString() => $"{Document}:{Line}";

    private string? Value(string name) =>
        Note is { } note && note.StartsWith(name, StringComparison.Ordinal) ? note[name.Length..].Trim() : null;

    [GeneratedRegex("^<!-- (?<text>.*) -->$")]
    private static partial Regex Comment();
}
