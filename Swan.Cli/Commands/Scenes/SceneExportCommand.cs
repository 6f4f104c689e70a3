using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.Geo.Search;
using Swan.MLNet.Numerics;

namespace Swan.Cli.Commands;

/// <summary><c>swan scene export</c>: writes the windows of an index for other programs.</summary>
internal static class SceneExportCommand
{
    private const string Notes =
        """
        Each window is a row with its key, scene, pixels, date, meters per pixel, outline in longitudes and latitudes, and embedding,
        for DuckDB, GeoPandas, GDAL and QGIS. Windows of scenes without a known place have no outline.
        """;

    private static readonly Argument<string> Index = new("index") { Description = "Folder of the index, as 'swan scene index' made it." };
    private static readonly Option<string> Out =
        new("--out") { Description = "GeoParquet file to write.", HelpName = "file.parquet", Required = true };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        new DocumentedCommand("export", "Writes an index's windows, their outlines and embeddings, into one GeoParquet file.",
            "swan scene export places --out windows.parquet") { Notes = Notes }
            .With(Index).With("Output", Out, Json).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        bool json = parsed.GetValue(Json);
        string path = parsed.GetRequiredValue(Out);
        ModelFile.CheckOutput(path, "windows.parquet");
        if (!path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--out is '{path}'; expected a file that ends in .parquet.");
        using SwanSceneIndex index = SceneIndexOpening.Open(parsed.GetRequiredValue(Index));
        var display = new WorkDisplay("windows", json);
        long windows = 0;
        display.Show(() => windows = SwanSceneParquet.SaveAsync(index, path, display, cancellation).GetAwaiter().GetResult());
        long bytes = new FileInfo(path).Length;
        if (json)
        {
            JsonOutput.Write(new JsonObject
            {
                ["index"] = index.Folder, ["file"] = path, ["scenes"] = index.SceneCount, ["windows"] = windows, ["bytes"] = bytes,
            });
            return ExitCode.Done;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: {Counted.Of(windows, "window")} of {Counted.Of(index.SceneCount, "scene")}, {bytes / 1e6:F1} MB."));
        return ExitCode.Done;
    }
}
