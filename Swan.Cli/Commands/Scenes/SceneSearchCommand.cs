using System.CommandLine;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Indexing;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.Geo.Places;
using Swan.Geo.Search;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using static System.FormattableString;

namespace Swan.Cli.Commands;

/// <summary><c>swan scene search</c>: finds places in scenes, and writes them for maps.</summary>
internal static class SceneSearchCommand
{
    private const string Notes =
        """
        Of overlapping windows, only the best one stays. Files are written in WGS 84. A scene whose coordinates can't be transformed
        is in the GeoPackage only, in its own coordinates.
        """;

    private static readonly Argument<string> Index = new("index") { Description = "Folder of the index, as 'swan scene index' made it." };
    private static readonly Argument<string?> Words = SearchCommand.MakeWords();
    private static readonly Option<string?> Like =
        new("--like") { Description = "Image file, such as a clip, to find similar places.", HelpName = "file" };
    private static readonly Option<string?> Model = SharedOptions.OptionalModel();
    private static readonly Option<string?> Inside =
        new("--inside") { Description = "GeoJSON file with polygons: only places whose center lies in one.", HelpName = "file.geojson" };
    private static readonly Option<string?> Where = new("--where")
    {
        Description = "Filter by scene, date, meters_per_pixel, ground_side and center, such as \"date >= 2025-01-01\".",
            HelpName = "filter",
    };
    private static readonly Option<int> Top = new NumberOption<int>("--top")
    {
        Description = "Number of places.", HelpName = "n", DefaultValueFactory = _ => 10,
    }.Within(1, 100_000);
    private static readonly Option<double?> MinProbability = SharedOptions.MinProbability(
        "Print probabilities, and \"nothing found\" if the probability that any window fits is below this, 0 to 1. The model's calibration "
        + "gives them: it is fitted on whole images, so they are too low for rare things in scenes.");
    private static readonly Option<string?> GeoJson = new("--geojson") { Description = "GeoJSON to write.", HelpName = "file" };
    private static readonly Option<string?> GeoPackage =
        new("--geopackage") { Description = "GeoPackage to write, with a style for QGIS.", HelpName = "file.gpkg" };
    private static readonly Option<string?> HeatMap =
        new("--heatmap") { Description = "Folder for one GeoTIFF per scene: scores as a heat map.", HelpName = "folder" };
    private static readonly Option<string?> Clips =
        new("--clips") { Description = "Folder for one GeoTIFF per place: its window with all bands.", HelpName = "folder" };
    private static readonly Option<string?> Page = new("--page") { Description = "HTML page to write, with pictures.",
        HelpName = "file.html" };
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();

    public static Command Create() =>
        new DocumentedCommand("search", "Finds places in scenes that fit a description, and writes them for maps.",
            "swan scene search places \"a bridge over a river\" --top 20 --geojson bridges.geojson") { Notes = Notes }
            .With(Index).With(Words).With("Query", Like, Model).With("Results", Inside, Where, Top, MinProbability)
            .With("Output", GeoJson, GeoPackage, HeatMap, Clips, Page, Json).With("Machine", Device).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string? words = parsed.GetValue(Words), like = parsed.GetValue(Like);
        if (words is null == like is null)
            throw new UsageException("Give a query: words such as \"a bridge over a river\", or --like FILE, and not both.");
        if (like is not null && (parsed.GetValue(MinProbability) ?? parsed.GetValue(HeatMap) as object) is not null)
            throw new UsageException("--min-probability and --heatmap are for words, not for --like.");
        using SwanSceneIndex index = SceneIndexOpening.Open(parsed.GetRequiredValue(Index));
        using SwanModel model = ModelFile.Open(parsed.GetValue(Model), parsed.GetRequiredValue(Device), index.Decoding);
        IndexModel.RequireFit(index.Rows, index.Folder, model.Card, isDefault: parsed.GetValue(Model) is null);
        double? limit = parsed.GetValue(MinProbability) is { } given ? AnswerDisplay.Limit(given, model) : null;
        if (words is not null) AnswerDisplay.Warn(model, words);
        var options = new SwanPlaceOptions
        {
            // 0: probabilities of all places. The limit is for the whole answer.
            MinProbability = limit is null || model.Calibration is null ? null : 0,
            Top = parsed.GetValue(Top), Inside = parsed.GetValue(Inside) is { } area ? AreaFile.Read(area) : null,
            Filter = parsed.GetValue(Where) is { } where ? SwanFilter.Parse(where, index.Rows.Columns) : null,
        };
        SwanPlaces found = words is not null ? index.Search(model, words, options, cancellation)
            : index.SearchImage(model, like!, options, cancellation);
        bool json = parsed.GetValue(Json);
        string query = words ?? $"like {Path.GetFileName(like)}";
        // Files hold what is printed.
        IReadOnlyList<Place> shown = found.ProbabilityOfAny < limit ? [] : found.Places;
        if (json) JsonOutput.Write(ToJson(index, query, found, shown, limit));
        else Show(index, query, found, shown, limit);
        Write(parsed, index, model, words, query, shown, options, JsonOutput.Notes(json), cancellation);
        return ExitCode.Done;
    }

    private static void Write(
        ParseResult parsed, SwanSceneIndex index, SwanModel model, string? words, string query, IReadOnlyList<Place> places,
        SwanPlaceOptions options, TextWriter notes, CancellationToken cancellation)
    {
        if (parsed.GetValue(GeoJson) is { } geoJson)
        {
            int left = SwanPlaceFiles.WriteGeoJson(geoJson, places, cancellation).Count;
            Said(geoJson, left == 0 ? "" : $", without {Counted.Of(left, "place")} that can't be given in WGS 84; --geopackage takes them");
        }
        if (parsed.GetValue(GeoPackage) is { } package)
        {
            SwanPlaceFiles.WriteGeoPackage(package, places, cancellation);
            Said(package);
        }
        if (parsed.GetValue(Page) is { } page)
        {
            SwanPlaceFiles.WritePage(index, page, query, places, cancellation);
            Said(page);
        }
        if (parsed.GetValue(Clips) is { } clips) Said(clips,
            $": {Counted.Of(SwanPlaceFiles.WriteClips(clips, places, cancellation).Count, "clip")}");
        if (parsed.GetValue(HeatMap) is not { } maps) return;
        Said(maps, $": {Counted.Of(SwanPlaceFiles.WriteHeatMaps(index, model, words!, maps, options, cancellation).Count, "heat map")}");

        void Said(string path, string more = "") => notes.WriteLine($"'{path}'{more}");
    }

    private static void Show(SwanSceneIndex index, string query, SwanPlaces found, IReadOnlyList<Place> shown, double? limit)
    {
        string looked = $"{Counted.Of(index.SceneCount, "scene")} in '{index.Folder}'";
        if (shown.Count == 0)
        {
            Console.WriteLine(found.Places.Count == 0 ? $"No place in {looked} fits \"{query}\" with these options."
                : Invariant($"Nothing found for \"{query}\" in {looked}: the probability of any match is ")
                    + Invariant($"{found.ProbabilityOfAny:P0}, below the minimum of {limit:P0}, which hides ")
                    + $"{Counted.Of(found.Places.Count, "place")}. Probabilities are calibrated on whole images, so they are too low for "
                    + "rare things in scenes. Leave out --min-probability to see the places.");
            return;
        }
        string any = found.ProbabilityOfAny is { } p ? Invariant($" (probability of any match: {p:P0}, calibrated on whole images)") : "";
        Console.WriteLine($"{Counted.Of(shown.Count, "place")} in {looked} for \"{query}\"{any}:");
        foreach (Place place in shown)
        {
            string probability = place.Probability is { } own ? Invariant($"  {own,5:P0}") : "";
            string at = place.Footprint?.InteriorPoint is { } point ? Invariant($"{point.Y,10:F5},{point.X,11:F5}")
                : "         –          –";
            Console.WriteLine(Invariant($"{place.Score,7:F3}{probability}  {at}  {Path.GetFileName(place.Scene)}")
                + Invariant($" ({place.Column}, {place.Row}, {place.Width}×{place.Height})"));
        }
    }

    private static JsonObject ToJson(SwanSceneIndex index, string query, SwanPlaces found, IReadOnlyList<Place> shown, double? limit)
    {
        var json = new JsonObject
        {
            ["index"] = index.Folder, ["query"] = query, ["scenes"] = index.SceneCount, ["windows"] = index.WindowCount,
            ["nothingFound"] = shown.Count == 0,
        };
        if (found.ProbabilityOfAny is { } any)
        {
            json["probabilityOfAny"] = any;
            json["minProbability"] = limit;
            json["hiddenPlaces"] = found.Places.Count - shown.Count;
        }
        // Programs decide for themselves.
        json["places"] = new JsonArray([.. found.Places.Select(ToJson)]);
        return json;
    }

    private static JsonNode ToJson(Place place)
    {
        var json = new JsonObject
        {
            ["scene"] = place.Scene, ["column"] = place.Column, ["row"] = place.Row, ["width"] = place.Width, ["height"] = place.Height,
            ["score"] = place.Score,
        };
        if (place.Probability is { } probability) json["probability"] = probability;
        (json["longitude"], json["latitude"]) = (place.Footprint?.InteriorPoint.X, place.Footprint?.InteriorPoint.Y);
        json["date"] = place.Date?.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        json["metersPerPixel"] = place.MetersPerPixel;
        return json;
    }
}
