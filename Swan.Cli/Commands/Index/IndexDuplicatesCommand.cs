using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Indexing;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Cli.Commands;

/// <summary><c>swan index duplicates</c>: finds near-duplicates, and which of them to keep.</summary>
internal static class IndexDuplicatesCommand
{
    private static readonly Argument<string> Index = IndexOptions.Index();
    private static readonly Option<string?> Where = IndexOptions.Where();
    private static readonly Option<float> MinScore = new NumberOption<float>("--min-score")
    {
        Description = "Minimum score of two images, over -1 to 1. It depends on the model; look at pairs around it first.",
        HelpName = "n", DefaultValueFactory = _ => SwanDuplicateOptions.DefaultMinimumScore,
        Fault = score => score is > -1 and <= 1 ? null : "expected over -1 and at most 1",
    };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        new DocumentedCommand("duplicates", "Finds groups of near-duplicate images and names one of each to keep.",
            "swan index duplicates gallery --min-score 0.99")
            .With(Index).With("Results", Where, MinScore).With("Output", Json).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        bool json = parsed.GetValue(Json);
        using SwanLiveIndex live = LivingIndex.Open(parsed.GetRequiredValue(Index));
        using SwanIndexSnapshot index = live.Snapshot();
        var options = new SwanDuplicateOptions
        {
            MinimumScore = parsed.GetValue(MinScore),
            Filter = parsed.GetValue(Where) is { } where ? SwanFilter.Parse(where, index.Columns) : null,
        };
        var display = new WorkDisplay("images", json);
        var progress = new RowProgress(display, index.Count);
        SwanDuplicates found = new([], []);
        display.Show(() => found = Find(index, options, progress, cancellation));
        if (json) JsonOutput.Write(ToJson(index, found));
        else Show(live.Folder, index.Count, found);
        return ExitCode.Done;
    }

    private static SwanDuplicates Find(
        SwanIndexSnapshot index, SwanDuplicateOptions options, RowProgress progress, CancellationToken cancellation)
    {
        try
        {
            return index.FindDuplicates(options, progress, cancellation);
        }
        catch (InvalidOperationException e)
        {
            throw new CommandException($"{e.Message} Here: --min-score and --where.", e); // too many pairs
        }
    }

    private static void Show(string folder, int count, SwanDuplicates found)
    {
        int others = found.Groups.Sum(group => group.Others.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Counted.Of(found.Groups.Count, "group")} among {Counted.Of(count, "image")} in '{folder}', with "
            + $"{Counted.Of(others, "image")} besides those to keep:"));
        foreach (SwanDuplicateGroup group in found.Groups)
        {
            Console.WriteLine($"   keep  {group.Kept.Key}");
            foreach (SwanHit hit in group.Others)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hit.Score,7:F3}  {hit.Key}"));
        }
    }

    private static JsonObject ToJson(SwanIndexSnapshot index, SwanDuplicates found) => new()
    {
        ["images"] = index.Count,
        ["pairs"] = new JsonArray([.. found.Pairs.Select(pair => new JsonObject
        {
            ["first"] = pair.FirstKey, ["second"] = pair.SecondKey, ["score"] = pair.Score,
        })]),
        ["groups"] = new JsonArray([.. found.Groups.Select(group => new JsonObject
        {
            ["keep"] = group.Kept.Key,
            ["others"] = new JsonArray([.. group.Others.Select(hit => new JsonObject { ["image"] = hit.Key, ["score"] = hit.Score })]),
        })]),
    };

    private sealed class RowProgress(WorkDisplay display, int total) : IProgress<int>
    {
        private readonly Lock _lock = new();

        public void Report(int value)
        {
            lock (_lock) display.Report(new SwanIndexProgress(value, total));
        }
    }
}
