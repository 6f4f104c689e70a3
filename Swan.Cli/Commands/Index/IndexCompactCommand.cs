using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Indexing;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Cli.Commands;

/// <summary><c>swan index compact</c>: writes an index's rows into as few files as possible.</summary>
internal static class IndexCompactCommand
{
    private static readonly Argument<string> Index = IndexOptions.Index();
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        new DocumentedCommand("compact", "Rewrites an index into as few files as possible, without removed rows.",
            "swan index compact gallery")
            .With(Index).With("Output", Json).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        bool json = parsed.GetValue(Json);
        using SwanLiveIndex index = LivingIndex.Open(parsed.GetRequiredValue(Index));
        IndexFiles before = FilesOf(index);
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            var display = new WorkDisplay("bytes", json);
            display.Show(() => writer.Compact(display, cancellation));
        }
        IndexFiles after = FilesOf(index);
        if (json)
        {
            JsonOutput.Write(new JsonObject
            {
                ["index"] = index.Folder, ["rows"] = index.Count, ["bytesBefore"] = before.Bytes, ["bytes"] = after.Bytes,
                ["filesBefore"] = before.Segments, ["files"] = after.Segments, ["generation"] = index.Generation,
            });
            return ExitCode.Done;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"'{index.Folder}' has {Counted.Of(index.Count, "row")}: {after.Text}, before {before.Text}."));
        return ExitCode.Done;
    }

    private static IndexFiles FilesOf(SwanLiveIndex index)
    {
        using SwanIndexSnapshot snapshot = index.Snapshot();
        return IndexFiles.Of(snapshot);
    }
}
