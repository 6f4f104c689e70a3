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

/// <summary><c>swan index verify</c>: compares an index's files with their checksums, and what they hold with each other.</summary>
internal static class IndexVerifyCommand
{
    private static readonly Argument<string> Index = IndexOptions.Index();
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        new DocumentedCommand("verify", "Reads an index completely and names the first damaged file.", "swan index verify gallery")
            .With(Index).With("Output", Json).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        bool json = parsed.GetValue(Json);
        using SwanLiveIndex live = LivingIndex.Open(parsed.GetRequiredValue(Index));
        using SwanIndexSnapshot index = live.Snapshot();
        var display = new WorkDisplay("bytes", json);
        display.Show(() => index.Verify(display, cancellation));
        IndexFiles files = IndexFiles.Of(index);
        if (json)
        {
            JsonOutput.Write(new JsonObject
            {
                ["index"] = live.Folder, ["rows"] = index.Count, ["bytes"] = files.Bytes, ["generation"] = index.Generation,
                ["whole"] = true,
            });
            return ExitCode.Done;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"'{live.Folder}' is whole: {Counted.Of(index.Count, "row")}, {files.Text}."));
        return ExitCode.Done;
    }
}
