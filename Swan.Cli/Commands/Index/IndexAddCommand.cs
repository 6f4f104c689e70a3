using System.CommandLine;
using System.Text.Json.Nodes;
using Swan.Cli.Indexing;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet.Search;

namespace Swan.Cli.Commands;

/// <summary><c>swan index add</c>: adds images to an index, or values to its rows.</summary>
internal static class IndexAddCommand
{
    private const string Notes =
        """
        Images with the path, size and date of a row are not embedded again, so the same command can run every night. A changed
        image keeps the values that its row was given. Rows of deleted files stay; 'swan index remove' removes them.
        Ctrl+C keeps the images embedded so far; run the same command to continue.
        """;

    private static readonly Argument<string> Index = IndexOptions.Index();
    private static readonly IndexInput Input = new();
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        Input.AddTo(new DocumentedCommand(
            "add", "Adds new and changed images, or values to filter by.",
            "swan index add gallery --images photos") { Notes = Notes }
            .With(Index))
            .With("Output", Json).With("Machine", Input.Device).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        IndexInputValues input = Input.Read(parsed);
        if (input.Images is null && input.From is null && input.Columns is null)
            throw new UsageException("There is nothing to add. Give --images, --from or --columns.");
        using SwanLiveIndex index = LivingIndex.Open(parsed.GetRequiredValue(Index), input.Rows);
        ListedImages? listed = input.Images is null ? null : ListedImages.List(input.Images, input.Prefix);
        using var filling = new IndexFilling(input, parsed.GetValue(Json), cancellation);
        filling.Run(index, listed?.Files, listed?.Json ?? new JsonObject());
        return ExitCode.Done;
    }
}
