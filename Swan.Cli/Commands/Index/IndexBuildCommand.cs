using System.CommandLine;
using System.Text.Json.Nodes;
using Swan.Cli.Indexing;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.Cli.Commands;

/// <summary><c>swan index build</c>: makes an index and adds its first rows.</summary>
internal static class IndexBuildCommand
{
    private const string Float32 = "float32", Int8 = "int8";

    private const string Notes =
        """
        Keys are paths inside the folder of images. Columns to filter by are folder, source_folder, file_date, file_size and those of
        --columns.
        Ctrl+C keeps the images embedded so far; 'swan index add' continues.
        """;

    private static readonly IndexInput Input = new();
    private static readonly Option<string> Out =
        new("--out") { Description = "Folder of the new index.", HelpName = "folder", Required = true };
    private static readonly Option<string> Scan = MakeScan();
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        Input.AddTo(new DocumentedCommand(
            "build", "Builds an index from a folder of images or from rows that are already embedded.",
            "swan index build --images photos --out gallery") { Notes = Notes })
            .With("Output", Out, Scan, Json).With("Machine", Input.Device).Runs(Execute);

    private static Option<string> MakeScan()
    {
        var scan = new Option<string>("--scan")
        {
            Description = "Vectors that searches read. 'int8' gives the same results in a quarter of the memory, with a quarter more disk.",
            HelpName = "float32|int8", DefaultValueFactory = _ => Float32,
        };
        scan.AcceptOnlyFromAmong(Float32, Int8);
        return scan;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        IndexInputValues input = Input.Read(parsed);
        string folder = parsed.GetRequiredValue(Out);
        ModelFile.CheckOutputFolder(folder);
        if (input.Images is null && input.From is null) throw new UsageException("There is nothing to index. Give --images or --from.");
        if (File.Exists(new IndexFolder(folder).Manifest))
            throw new CommandException($"'{folder}' already has an index. Add to it with 'swan index add', or choose another --out.");
        ListedImages? listed = input.Images is null ? null : ListedImages.List(input.Images, input.Prefix);
        using var filling = new IndexFilling(input, parsed.GetValue(Json), cancellation);
        SwanIndexSettings settings = input.From is { } from
            ? new RowsImport(input, from).Settings(cancellation)
            : new SwanIndexSettings(filling.Model.EmbeddingSize)
            {
                Model = filling.Model.Card.Identity, GivenRange = GivenRange.Of(input.Pictures), Columns = ImageFile.Columns,
            };
        settings.Scan = parsed.GetValue(Scan) == Int8 ? SwanIndexScan.Int8 : SwanIndexScan.Float32;
        // An index without rows would make the corrected command fail.
        using var unfinished = new UnfinishedIndex(folder);
        using (SwanLiveIndex index = Created(folder, settings))
        {
            unfinished.IsCreated = true;
            filling.Run(index, listed?.Files, listed?.Json ?? new JsonObject());
        }
        unfinished.Keep();
        return ExitCode.Done;
    }

    private static SwanLiveIndex Created(string folder, SwanIndexSettings settings)
    {
        try
        {
            return SwanLiveIndex.Create(folder, settings);
        }
        catch (ArgumentException e)
        {
            throw new CommandException(e.Sentence(), e); // such as rows of more values than an index takes
        }
    }
}
