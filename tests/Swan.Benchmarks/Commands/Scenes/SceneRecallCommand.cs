using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML;
using Swan.Benchmarks.Scenes;
using Swan.Geo;
using Swan.Geo.Places;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.MLNet;
using Swan.MLNet.Models;

namespace Swan.Benchmarks.Commands;

/// <summary>Which planted places are found by words, with which windows, and what the windows cost.</summary>
internal static class SceneRecallCommand
{
    /// <summary>Images planted of each scene.</summary>
    public const int Planted = 5;

    /// <summary>What is asked for.</summary>
    public static readonly (string Scene, string Text)[] Queries =
    [
        ("bridge", "a bridge over a river"), ("airport", "planes parked at an airport"), ("stadium", "a stadium"),
        ("storagetanks", "white storage tanks"),
    ];

    private static readonly (string Name, double[] Sides)[] s_windows =
    [
        ("whole scene", [1e6]), ("1,280 m", [1280]), ("640 m", [640]), ("320 m", [320]), ("320, 640, 1,280 m", [320, 640, 1280]),
    ];

    private static readonly Option<string?> Model = new("--model") { Description = "The model file (.swan). Default: the one inside." };
    private static readonly Option<string> Scene = new("--scene") { Description = "GeoTIFF of 'mosaic', with its .json.", Required = true };

    public static Command Create()
    {
        var command = new Command("scenes", "Planted places that are found by windows of several sizes, and processor time of windows.")
        {
            Model, Scene, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Execute(
            parsed.GetValue(Model), parsed.GetRequiredValue(Scene), parsed.GetValue(SharedOptions.Json), cancellation)));
        return command;
    }

    private static int Execute(string? modelPath, string scene, string? json, CancellationToken cancellation)
    {
        using SwanModel model = modelPath is null ? SwanModel.OpenDefault() : SwanModel.Open(modelPath);
        PlantedImage[] planted = JsonSerializer.Deserialize<PlantedImage[]>(File.ReadAllText(scene + ".json"))!;
        string folder = Directory.CreateTempSubdirectory("swan-scenes-").FullName;
        try
        {
            string scenes = Directory.CreateDirectory(Path.Combine(folder, "scenes")).FullName;
            File.CreateSymbolicLink(Path.Combine(scenes, "scene.tif"), Path.GetFullPath(scene));
            SceneRecall[] rows = [.. s_windows.Select((w, i) =>
                Measure(model, scenes, Path.Combine(folder, $"index-{i}"), w, planted, cancellation))];
            Report.Table(
                ["windows", "number", "processor s", "of them cutting", "wall s", .. Queries.Select(q =>
                    $"{q.Scene}, of {Planted}"), "mean place"],
                rows.Select(r => (string[])
                [
                    r.Windows, $"{r.Count}", $"{r.ProcessorSeconds:F1}", $"{r.CuttingSeconds:F1}", $"{r.Seconds:F1}",
                    .. r.Found.Select(f => $"{f}"), $"{r.MeanRank:F1}",
                ]));
            Report.Write(json, "scenes", rows);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    private static SceneRecall Measure(
        SwanModel model, string scenes, string index, (string Name, double[] Sides) windows, PlantedImage[] planted,
            CancellationToken cancellation)
    {
        var options = new SwanSceneOptions { GroundSides = windows.Sides };
        double cutting = ProcessorSeconds(() =>
        {
            var ml = new MLContext();
            IDataView view = ml.Swan().LoadScenes(Directory.GetFiles(scenes, "*.tif"), options);
            using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            while (cursor.MoveNext()) { }
        });
        var clock = Stopwatch.StartNew();
        SwanSceneChanges? changes = null;
        double processor = ProcessorSeconds(
            () => changes = SwanSceneIndexer.Look(index, scenes, options, cancellation).Run(model, cancellationToken: cancellation));
        double wall = clock.Elapsed.TotalSeconds;
        using var places = SwanSceneIndex.Open(index);
        int[][] ranks = [.. Queries.Select(q => Ranks(places, model, q, planted, cancellation))];
        return new(
            windows.Name, changes!.Rows, processor, cutting, wall, [.. ranks.Select(r => r.Count(rank => rank <= Planted))],
            ranks.SelectMany(r => r).Average());
    }

    // For each planted image the place of the first hit that shows it; one more than there are hits where none does.
    private static int[] Ranks(
        SwanSceneIndex index, SwanModel model, (string Scene, string Text) query, PlantedImage[] planted, CancellationToken cancellation)
    {
        const int Most = 100;
        IReadOnlyList<Place> hits = index.Search(model, query.Text, new SwanPlaceOptions { Top = Most }, cancellation).Places;
        return
        [
            .. planted.Where(p => p.Scene == query.Scene).Select(p =>
            {
                int at = hits.ToList().FindIndex(h =>
                    h.Width < 2 * p.Size + Mosaic.Cell * 6 && p.IsShownBy(h.Column, h.Row, h.Width, h.Height));
                return at < 0 ? Most + 1 : at + 1;
            }),
        ];
    }

    private static double ProcessorSeconds(Action work)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        work();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }

    private sealed record SceneRecall(
        string Windows, long Count, double ProcessorSeconds, double CuttingSeconds, double Seconds, int[] Found, double MeanRank);
}
