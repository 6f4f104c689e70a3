using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;
using static System.FormattableString;

namespace Swan.Cli.Commands;

/// <summary><c>swan scene index</c>: cuts a folder's scenes into windows, and embeds those that the index doesn't have.</summary>
internal static class SceneIndexCommand
{
    private const string Notes =
        """
        Run again, the same command reads only new and changed scenes, and removes deleted ones. Ctrl+C keeps what is embedded.
        Without --ground, --pixels, --overlap and options of satellite images, an index keeps the windows that it was made with.
        """;

    private static readonly Argument<string> Folder = new("folder") {
        Description = "Folder of GeoTIFFs. Folders inside it are read too." };
    private static readonly Option<string> Out = new("--out") { Description = "Folder of the index.", HelpName = "folder",
        Required = true };
    private static readonly Option<string?> Model = SharedOptions.OptionalModel();
    private static readonly Option<double[]?> Ground = new("--ground")
    {
        Description = "Sides of windows in meters, such as 320,640. Default: 320,640,1280.", HelpName = "m,m",
        CustomParser = given => Numbers.Parse(given, least: 1),
    };
    private static readonly Option<double[]?> Pixels = new("--pixels")
    {
        Description = "Sides of windows in pixels, for scenes of unknown pixel size. Default: 224,448.", HelpName = "n,n",
        CustomParser = given => Numbers.Parse(given, SwanSceneOptions.LeastSide),
    };
    private static readonly Option<double?> Overlap = new OptionalNumberOption<double>("--overlap")
    {
        Description = "Overlap of neighboring windows, as a share of their side, 0 to 0.9. Default: 0.5.", HelpName = "n",
        Fault = n => n is >= 0 and <= 0.9 ? null : "expected 0 to 0.9",
    };
    private static readonly PictureOptions Pictures = new(
        "Minimum share of a window's pixels that have data, 0 to 1. Other windows are left out.", new SwanSceneOptions().MinValidShare);
    private static readonly Option<bool> RetryBad = new("--retry-bad") {
        Description = "Retry scenes that were broken before." };
    private static readonly Option<bool> Gone = new("--gone") {
        Description = "Remove scenes even if their folder has none left. By default they stay, because a disk may not be mounted." };
    private static readonly Option<bool> DryRun = new("--dry-run") {
        Description = "Print what would be done and how long it would take, and write nothing." };
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();

    public static Command Create() =>
        new DocumentedCommand("index", "Cuts new and changed scenes of a folder into windows and embeds them.",
            "swan scene index scenes --out places") { Notes = Notes }
            .With(Folder).With("Input", Model, RetryBad, Gone).With("Windows", Ground, Pixels, Overlap)
            .With(PictureOptions.Heading, Pictures.All)
            .With("Output", Out, DryRun, Json).With("Machine", Device).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetRequiredValue(Folder), index = parsed.GetRequiredValue(Out);
        bool json = parsed.GetValue(Json);
        ModelFile.CheckOutputFolder(index);
        SwanSceneIndexer work = SwanSceneIndexer.Look(index, folder, Options(parsed), new SwanSceneIndexerOptions
        {
            RetryBad = parsed.GetValue(RetryBad), RemoveGoneFolders = parsed.GetValue(Gone),
        }, cancellation);
        using SwanModel model = ModelFile.Open(parsed.GetValue(Model), parsed.GetRequiredValue(Device));
        TextWriter notes = JsonOutput.Notes(json);
        notes.WriteLine($"{Counted.Of(work.Added, "new scene")}, {work.Changed} changed, {work.Unchanged} unchanged, {work.Removed} gone"
            + (work.Windows == 0 ? "" : $"; {Counted.Of(work.Windows, "window")}, about {Estimate(model, work.Windows, cancellation)}"));
        if (parsed.GetValue(DryRun))
        {
            Warn("left out", work.Faults);
            return ExitCode.Done;
        }

        var display = new WorkDisplay("windows", json);
        SwanSceneChanges? changes = null;
        display.Show(() => changes = work.Run(model, new Forwarding(display), cancellation));
        Warn("left out", changes!.Faults);
        if (changes.Unplaced.Count > 0) Console.Error.WriteLine($"swan: {WithoutPlace(changes.Unplaced)}");
        if (json) JsonOutput.Write(ToJson(index, changes));
        else Show(index, changes);
        return changes.Faults.Count > 0 && changes.Scenes == 0 ? ExitCode.TooManyBadRows : ExitCode.Done;
    }

    private static void Warn(string what, IReadOnlyList<SwanSceneFault> faults)
    {
        foreach (SwanSceneFault fault in faults) Console.Error.WriteLine($"swan: {what}: {fault.Reason}");
    }

    /// <summary>Scenes without a place as one line: a folder of tiles that say nothing of where they lie would fill the screen.</summary>
    /// <param name="scenes">At least one.</param>
    internal static string WithoutPlace(IReadOnlyList<SwanSceneFault> scenes)
    {
        const int Named = 3;
        if (scenes.Count == 1) return $"without a place on Earth: {scenes[0].Reason}";
        string names = string.Join(", ", scenes.Take(Named).Select(s => Path.GetFileName(s.Scene)))
            + (scenes.Count > Named ? Invariant($" and {scenes.Count - Named:N0} more") : "");
        int reasons = scenes.Select(s => s.Reason.Replace(s.Scene, "", StringComparison.Ordinal)).Distinct().Count();
        return $"{Counted.Of(scenes.Count, "scene")} without a place on Earth: {names}. "
            + $"{(reasons == 1 ? "" : $"The first of {reasons} reasons: ")}{scenes[0].Reason}";
    }

    // Null where the command line says nothing: then an index keeps what it has.
    private static SwanSceneOptions? Options(ParseResult parsed)
    {
        ImageDecodingOptions pictures = Pictures.Read(parsed);
        double[]? ground = Given(parsed, Ground), pixels = Given(parsed, Pixels);
        double? overlap = parsed.GetValue(Overlap);
        bool says = ground is not null || pixels is not null || overlap is not null || Pictures.All.Any(o =>
            parsed.GetResult(o) is { Implicit: false });
        if (!says) return null;
        var options = new SwanSceneOptions
        {
            Range = pictures.Range, Bands = pictures.Bands, NoData = pictures.NoData, MinValidShare = pictures.MinValidShare,
        };
        if (ground is not null) options.GroundSides = ground;
        if (pixels is not null) options.PixelSides = [.. pixels.Select(p => (int)p)];
        if (overlap is { } share) options.Overlap = share;
        return options;
    }

    // An option of several values has none where it isn't given.
    private static double[]? Given(ParseResult parsed, Option<double[]?> option) =>
        parsed.GetValue(option) is { Length: > 0 } numbers ? numbers : null;

    // Reading a scene takes about a tenth of what the encoder does, unless it is compressed hard.
    private static string Estimate(SwanModel model, long windows, CancellationToken cancellation)
    {
        const int Count = 64, Side = 384;
        var picture = new RgbImage(Side, Side, new byte[Side * Side * 3]);
        model.EmbedImages(Count, _ => picture, cancellationToken: cancellation);
        var clock = Stopwatch.StartNew();
        model.EmbedImages(Count, _ => picture, cancellationToken: cancellation);
        return Amounts.Time(clock.Elapsed * (1.1 * windows / Count));
    }

    private static void Show(string index, SwanSceneChanges changes) => Console.WriteLine(
        $"{Counted.Of(changes.Added, "scene")} added, {changes.Replaced} replaced, {changes.Removed} removed, {changes.Unchanged} unchanged"
        + $"{(changes.Faults.Count > 0 ? Invariant($", {changes.Faults.Count} left out") : "")}; "
        + $"'{index}' has {Counted.Of(changes.Scenes, "scene")} with {Counted.Of(changes.Rows, "window")}.");

    private static JsonObject ToJson(string index, SwanSceneChanges changes) => new()
    {
        ["index"] = index, ["added"] = changes.Added, ["replaced"] = changes.Replaced, ["removed"] = changes.Removed,
        ["unchanged"] = changes.Unchanged, ["embeddedWindows"] = changes.Windows, ["scenes"] = changes.Scenes, ["windows"] = changes.Rows,
        ["leftOut"] = Faults(changes.Faults), ["withoutPlace"] = Faults(changes.Unplaced),
    };

    private static JsonArray Faults(IReadOnlyList<SwanSceneFault> faults) =>
        [.. faults.Select(f => new JsonObject { ["scene"] = f.Scene, ["reason"] = f.Reason })];

    private sealed class Forwarding(IProgress<SwanIndexProgress> display) : IProgress<SwanSceneProgress>
    {
        public void Report(SwanSceneProgress value) => display.Report(new SwanIndexProgress(value.Windows, value.AllWindows));
    }
}
