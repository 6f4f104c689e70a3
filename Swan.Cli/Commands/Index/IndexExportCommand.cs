using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Batch.Indexes;
using Swan.Cli.Display;
using Swan.Cli.Indexing;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Cli.Commands;

/// <summary><c>swan index export</c>: writes an index's rows for other programs.</summary>
internal static class IndexExportCommand
{
    private const string Notes =
        """
        .parquet      keys, embeddings and values, for pandas, DuckDB and Spark
        .npy          embeddings for NumPy, and their keys beside them in .keys.txt, one per line
        .swanindex    keys and embeddings, for SwanIndex.Load
        'swan index build --from' reads each of them.
        """;

    private static readonly Argument<string> Index = IndexOptions.Index();
    private static readonly Option<string> Out =
        new("--out") { Description = "File to write; its ending determines the format.", HelpName = "file", Required = true };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        new DocumentedCommand("export", "Writes an index's rows into one file: .parquet, .npy or .swanindex.",
            "swan index export gallery --out gallery.parquet") { Notes = Notes }
            .With(Index).With("Output", Out, Json).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        bool json = parsed.GetValue(Json);
        string path = parsed.GetRequiredValue(Out), ending = Path.GetExtension(path).ToLowerInvariant();
        ModelFile.CheckOutput(path, "gallery.parquet");
        if (ending is not (".parquet" or ".npy" or ".swanindex"))
            throw new UsageException($"--out is '{path}', which ends in '{ending}'; expected .parquet, .npy or .swanindex.");
        using SwanLiveIndex live = LivingIndex.Open(parsed.GetRequiredValue(Index));
        using SwanIndexSnapshot index = live.Snapshot();
        var display = new WorkDisplay("rows", json);
        display.Show(() =>
        {
            if (ending == ".parquet") SaveParquet(index, path, display, cancellation);
            else if (ending == ".npy") SaveNpy(index, path, cancellation);
            else index.ToSwanIndex(cancellation).Save(path);
        });
        long bytes = new FileInfo(path).Length;
        if (json)
        {
            JsonOutput.Write(new JsonObject
            {
                ["index"] = live.Folder, ["file"] = path, ["rows"] = index.Count, ["bytes"] = bytes, ["generation"] = index.Generation,
            });
            return ExitCode.Done;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: {Counted.Of(index.Count, "row")} of {index.EmbeddingSize} values, {bytes / 1e6:F1} MB."));
        if (ending != ".parquet" && index.Columns.Count > 0)
            Console.Error.WriteLine($"swan: {ending} can't hold the index's columns; .parquet can.");
        return ExitCode.Done;
    }

    private static void SaveParquet(SwanIndexSnapshot index, string path, WorkDisplay display, CancellationToken cancellation)
    {
        try
        {
            SwanIndexParquet.SaveAsync(index, path, display, cancellation).GetAwaiter().GetResult();
        }
        catch (ArgumentException e)
        {
            throw new CommandException(e.Sentence(), e); // a column's name
        }
    }

    private static void SaveNpy(SwanIndexSnapshot index, string path, CancellationToken cancellation)
    {
        if (index.Keys().FirstOrDefault(key => key.AsSpan().ContainsAny('\n', '\r')) is { } broken)
        {
            throw new CommandException(
                $"The key '{broken}' has a line break, but the file has one key per line. Export to .parquet instead.");
        }
        string keysPath = RowsImport.KeysOf(path);
        // Both whole before either has its name: what was there before is two files that fit each other.
        using AtomicFile keys = AtomicFile.Create(keysPath), rows = AtomicFile.Create(path);
        using (var text = new StreamWriter(keys.Stream, SwanIndexBuilder.Utf8, leaveOpen: true) { NewLine = "\n" })
        {
            foreach (string key in index.Keys())
            {
                cancellation.ThrowIfCancellationRequested();
                text.WriteLine(key);
            }
        }
        WriteRows(index, rows.Stream, cancellation);
        keys.Stream.Flush(flushToDisk: true);
        rows.Stream.Flush(flushToDisk: true);
        // No rows without keys, or the other way round, are taken: a kill in between leaves nothing that looks right.
        var old = new FileInfo(keysPath);
        AtomicFile.Delete(old.LinkTarget is null ? keysPath : old.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
        rows.Commit();
        keys.Commit();
    }

    private static void WriteRows(SwanIndexSnapshot index, Stream stream, CancellationToken cancellation)
    {
        var state = (IndexState)index.Enter();
        try
        {
            NpyWriter.Write(stream, state.Count, state.EmbeddingSize, state.Embeddings(), cancellation);
        }
        finally
        {
            index.Leave(state);
        }
    }
}
