using Swan.Training.Reports;

namespace Swan.Training.Tests.Reports;

public sealed class CardNotesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sections_keep_their_order_and_their_text_and_code_has_no_headings()
    {
        string file = _folder.File("notes.md");
        File.WriteAllText(file,
            "First.\n\nSecond.\n\n## Data\n\n```\n# a comment\n## another\n```\n\n### Inner\n\ntext\n\n## Limits\nNone.\n");
        CardNotes notes = CardNotes.Read(file);
        Assert.Equal("First.\n\nSecond.", notes.Introduction);
        Assert.Equal([("Data", "```\n# a comment\n## another\n```\n\n### Inner\n\ntext"), ("Limits", "None.")], notes.Sections);
    }
}
