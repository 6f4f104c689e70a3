using System.CommandLine;
using System.Text.Json.Nodes;
using Swan.Cli.Bench;
using Swan.Cli.Display;
using Swan.Cli.Doctor;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;

namespace Swan.Cli.Commands;

/// <summary><c>swan bench</c>: how fast this machine is with a model.</summary>
internal static class BenchCommand
{
    private const int MostGallery = 2_000_000;
    private static readonly Option<string?> Model = SharedOptions.OptionalModel();
    private static readonly Option<string?> Against = new("--against")
    {
        Description = "A second model, measured in the same turns.", HelpName = "file.swan",
    };
    private static readonly Option<string?> Images = new("--images")
    {
        Description = "Folder with images to measure with. Default: drawn JPEGs of 224×224 pixels.", HelpName = "folder",
    };
    private static readonly Option<int> Count = Whole("--count", "Images per turn.", 200);
    private static readonly Option<int> Captions = Whole("--captions", "Captions per turn.", 500, MadeCaptions.Most);
    private static readonly Option<int> Gallery = Whole("--gallery", "Images in the searched gallery.", 100_000, MostGallery);
    private static readonly Option<int> TurnCount = Whole("--turns", "Number of measured turns.", 5);
    private static readonly Option<string?> Compare = new("--compare")
    {
        Description = "Also show the changes since an earlier run, whose --json output is in this file.", HelpName = "file.json",
    };
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();

    public static Command Create() =>
        new DocumentedCommand("bench", "Measures how many images, captions and queries a second this machine handles.",
            "swan bench --images photos --json > before.json")
        {
            Notes = "The kinds of work run in turns, so other processes disturb all of them alike. Processor ms are processor time "
                + "summed over all threads.",
        }
            .With("Input", Model, Against, Images)
            .With("Amount", Count, Captions, Gallery, TurnCount).With("Output", Compare, Json).With("Machine", Device).Runs(Execute);

    private static Option<int> Whole(string name, string description, int given, int most = int.MaxValue) =>
        new NumberOption<int>(name) { Description = description, HelpName = "n", DefaultValueFactory = _ => given }.Within(1, most);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        EarlierReport? earlier = parsed.GetValue(Compare) is { } path ? EarlierReport.Read(path) : null;
        bool json = parsed.GetValue(Json);
        BenchReport report = Measure(parsed, cancellation);
        JsonObject document = report.ToJson(Versions.Read());
        if (json) JsonOutput.Write(document);
        TextWriter lines = JsonOutput.Notes(json);
        if (!json)
        {
            foreach (string line in report.Lines()) lines.WriteLine(line);
        }
        if (earlier is null) return ExitCode.Done;
        lines.WriteLine();
        foreach (string line in earlier.Changes(report, document)) lines.WriteLine(line);
        return ExitCode.Done;
    }

    private static BenchInput Input(ParseResult parsed, IEnumerable<SwanModel> models, CancellationToken cancellation)
    {
        int images = parsed.GetValue(Count), captions = parsed.GetValue(Captions);
        if (parsed.GetValue(Images) is not { } folder) return BenchInput.Draw(images, captions);
        BenchInput input = BenchInput.Read(
            SearchedFolder.List(folder).Images, folder, images, captions, [.. models.Select(m => m.Decoding)], cancellation);
        if (input.Unreadable > 0)
        {
            Console.Error.WriteLine($"swan: {Counted.Of(input.Unreadable, "image")} can't be read and {Counted.Verb(input.Unreadable)} "
                + "left out. 'swan inspect FILE' says why.");
        }
        return input;
    }

    private static BenchReport Measure(ParseResult parsed, CancellationToken cancellation)
    {
        SwanDevice device = parsed.GetRequiredValue(Device);
        string?[] files = parsed.GetValue(Against) is { } second ? [parsed.GetValue(Model), second] : [parsed.GetValue(Model)];
        var models = new List<SwanModel>();
        try
        {
            foreach (string? file in files) models.Add(ModelFile.Open(file, device));
            using BenchInput input = Input(parsed, models, cancellation);
            int gallery = parsed.GetValue(Gallery);
            Workload[] search = [.. Workloads.OfSearch(gallery, models[0].EmbeddingSize, cancellation)];
            Workload[][] works = [.. models.Zip(files, (model, file) =>
                Workloads.OfModel(model, () => ModelFile.Open(file, device), input, cancellation).ToArray())];
            int turns = parsed.GetValue(TurnCount);
            (Figure[] figures, double others) = Turns.Take(
                // One kind after the other with both models, so that the two are next to each other in time.
                [.. Enumerable.Range(0, works[0].Length).SelectMany(i => works.Select(w => w[i])), .. search], turns,
                turn => Console.Error.WriteLine(turn == 0 ? "swan: ready" : $"swan: turn {turn} of {turns}"), cancellation);
            return new(
                MachineLimits.ProcessorName, Environment.ProcessorCount, input.Text, turns, others,
                [.. models.Select((m, i) => new MeasuredModel(
                    m.Card, m.DeviceReport, [.. figures[..^search.Length].Where((_, f) => f % models.Count == i)]))],
                figures[^search.Length..], gallery);
        }
        finally
        {
            foreach (SwanModel model in models) model.Dispose();
        }
    }
}
