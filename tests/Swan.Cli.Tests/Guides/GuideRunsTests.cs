using System.Diagnostics;
using Swan.Cli.Tests.Commands;

namespace Swan.Cli.Tests.Guides;

/// <summary>
/// The commands of a document run one after the other, as they stand there, in a folder that has what the document speaks of.
/// </summary>
public sealed class GuideRunsTests(ExportedRun exported) : IClassFixture<ExportedRun>, IDisposable
{
    // What can't run here, by how it begins or what it has.
    private static readonly (string Part, string Reason)[] s_notRun =
    [
        ("swan train", "trains for minutes to hours: RUN is a tiny run"), ("swan bench", "measures for minutes"),
        ("--out OWN.swan", "an export runs before it"), ("--out model.swan", "an export runs in the guide to training"),
        ("swan --help", "has tests of its own"), ("swan doctor", "depends on the machine"),
        ("swan calibrate", "needs more captions than a tiny run has"),
        ("--type lat=", "names a column of a manifest"), ("--url-column", "reads from the network"),
        ("://", "reads from the network"), (" /", "has folders of one machine"),
        ("[", "is a form, not a command"), ("|", "is a form, not a command"), ("COMMAND", "is a form, not a command"),
    ];

    // What a document supposes.
    private static readonly (string Document, string Text)[] s_before =
    [
        ("docs/guide/searching.md", "swan embed --images bridges --out embeddings"),
        ("docs/guide/batch-clusters.md", "swan embed --images tiles --out embeddings-of-tiles"),
    ];

    private readonly GuideFolder _folder = new(exported);

    public static TheoryData<string> Documents => [.. GuideCommand.Documents.Where(document => Runnable(document).Any())];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Documents))]
    public void Commands_of_a_document_run_as_they_stand_there(string document)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the documents' commands are for a shell");
        IEnumerable<GuideCommand> before = s_before.Where(b => b.Document == document)
            .Select(b => new GuideCommand(b.Document, 0, b.Text, IsLine: true));
        foreach (GuideCommand command in before.Concat(Runnable(document)))
        {
            var start = new ProcessStartInfo("bash", ["-euc", $"swan() {{ dotnet '{SwanProcess.Program}' \"$@\"; }}\n{command.Text}"])
            {
                WorkingDirectory = _folder.Path,
            };
            (int code, string output, string errors) = ChildProcess.Finish(start, TestContext.Current.CancellationToken);
            Assert.True(code == 0, $"{command}\nended with {code}:\n{output}\n{errors}");
        }
    }

    // A name of a command alone, as in running text, is no command line.
    private static IEnumerable<GuideCommand> Runnable(string document) => GuideCommand.Of(document)
        .Where(command => !Array.Exists(s_notRun, rule => command.Text.Contains(rule.Part, StringComparison.Ordinal)))
        .Where(command => command.Parse() is { Errors.Count: 0 } parsed && parsed.CommandResult.Children.Any());
}
