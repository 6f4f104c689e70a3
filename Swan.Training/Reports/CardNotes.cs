using Swan.MLNet.Datasets;

namespace Swan.Training.Reports;

/// <summary>
/// Notes by a person that no run can give: the data's origin, its permitted use, and the model's errors. Markdown; its sections
/// (<c>##</c>) join the card's sections of the same title.
/// </summary>
internal sealed class CardNotes
{
    private const string Heading = "## ";
    private readonly List<(string Title, string Text)> _sections = [];

    /// <summary>No notes.</summary>
    public static CardNotes None { get; } = new();

    /// <summary>What stands before the first section; empty for nothing.</summary>
    public string Introduction { get; private set; } = "";

    /// <summary>The sections in order.</summary>
    public IReadOnlyList<(string Title, string Text)> Sections => _sections;

    /// <summary>Reads a file.</summary>
    /// <exception cref="SwanDataException">
    /// It can't be read, has a title of its own, or a section twice or without a text; all is reported.
    /// </exception>
    public static CardNotes Read(string file)
    {
        var faults = new DataFaults();
        var notes = new CardNotes();
        var text = new List<string>();
        string? title = null;
        int number = 0, begun = 0;
        bool code = false;
        foreach (string line in faults.Lines(file))
        {
            number++;
            if (line.TrimStart() is var start
                && (start.StartsWith("```", StringComparison.Ordinal) || start.StartsWith("~~~", StringComparison.Ordinal)))
                code = !code;
            if (!code && line.StartsWith("# ", StringComparison.Ordinal))
            {
                faults.Add(file, number,
                    $"it has the title '{line}', but the card's title is the model's name. Leave it out, or make it a section: '#{line}'.");
            }
            if (code || !line.StartsWith(Heading, StringComparison.Ordinal))
            {
                text.Add(line);
                continue;
            }

            End();
            (title, begun) = (line[Heading.Length..].Trim(), number);
            if (notes._sections.Exists(s => s.Title.Equals(title, StringComparison.OrdinalIgnoreCase)))
                faults.Add(file, number, $"the section '{title}' occurs twice. Merge the two.");
        }

        End();
        faults.ThrowIfAny();
        return notes;

        void End()
        {
            string whole = string.Join('\n', text).Trim('\n');
            text.Clear();
            if (title is null) notes.Introduction = whole;
            else if (string.IsNullOrWhiteSpace(whole)) faults.Add(file, begun, $"the section '{title}' has no text.");
            else notes._sections.Add((title, whole));
        }
    }
}
