using System.CommandLine;
using System.Text.Json.Nodes;
using Swan.Cli.Indexing;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Search;

namespace Swan.Cli.Commands;

/// <summary><c>swan index build</c>: makes an index and adds its first rows.</summary>
internal static class IndexBuildCommand
{
    private const string Float32 = "float32", Int8 = "int8";

    private const string Notes =
        """
        Keys are paths inside the folder of images. Columns to filter by: folder, file_date and file_size, and those of --columns.
        Ctrl+C keeps what is embedded; 'swan index add' goes on.
        """;

    private static readonly IndexInput Input = new();
    private static readonly Option<string> Out =
        new("--out") { Description = "Folder of the new index.", HelpName = "folder", Required = true };
    private static readonly Option<string> Scan = MakeScan();
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        Input.AddTo(new DocumentedCommand(
            "build", "Makes an index of a folder's images, or of rows that are embedded already.",
            "swan index build --images photos --out gallery") { Notes = Notes })
            .With("Output", Out, Scan, Json).With("Machine", Input.Device).Runs(Execute);

    private static Option<string> MakeScan()
    {
        var scan = new Option<string>("--scan")
        {
            Description = "What searches read. 'int8' needs a quarter of the memory for the same results, and a quarter more disk.",
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
            throw new CommandException($"There is an index in '{folder}' already. 'swan index add' adds to it; or choose another --out.");
        bool isNew = !Directory.Exists(folder);
        ListedImages? listed = input.Images is null ? null : ListedImages.List(input.Images, input.Prefix);
        using var filling = new IndexFilling(input, parsed.GetValue(Json), cancellation);
        SwanIndexSettings settings = input.From is { } from
            ? new RowsImport(input, from).Settings(cancellation)
            : new SwanIndexSettings(filling.Model.EmbeddingSize)
            {
                Model = filling.Model.Card.Identity, GivenRange = GivenRange.Of(input.Pictures), Columns = ImageFile.Columns,
            };
        if (settings.Model is null)
        {
            Console.Error.WriteLine(
                $"swan: '{input.From}' doesn't say which model made its rows, so queries of any model are answered. --model names it.");
        }
        settings.Scan = parsed.GetValue(Scan) == Int8 ? SwanIndexScan.Int8 : SwanIndexScan.Float32;
        bool isOurs = false;
        try
        {
            using var index = SwanLiveIndex.Create(folder, settings);
            isOurs = true;
            filling.Run(index, listed?.Files, listed?.Json ?? new JsonObject());
        }
        catch
        {
            // An index without rows would have the same command, mended, refused. Another process's index is left alone.
            if (isOurs && RemoveManifestOfEmpty(folder) && isNew) Directory.Delete(folder, recursive: true);
            throw;
        }
        return ExitCode.Done;
    }

    // Nobody else writes meanwhile: the writer is ours, or there is none and the index stays.
    private static bool RemoveManifestOfEmpty(string folder)
    {
        try
        {
            using var index = SwanLiveIndex.Open(folder);
            using SwanIndexWriter writer = index.OpenWriter();
            if (index.Count > 0) return false;
            File.Delete(new IndexFolder(folder).Manifest);
            return true;
        }
        catch (Exception e) when (e is IOException or SwanException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
