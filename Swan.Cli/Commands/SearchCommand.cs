using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.Cli.Commands;

/// <summary><c>swan search</c>: finds images in a folder by describing them.</summary>
internal static class SearchCommand
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Option<string> Model = new("--model") { Description = "The model file (.swan).", Required = true };
    private static readonly Option<string> Images = new("--images") { Description = "Folder with images; folders inside it are searched too.", Required = true };
    private static readonly Option<string> Query = new("--query") { Description = "What to look for, in words.", Required = true };
    private static readonly Option<int> Top = new("--top") { Description = "How many images to show.", DefaultValueFactory = _ => 10 };
    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON instead of a table." };
    private static readonly Option<string> Device = new("--device") { Description = "auto, cpu or cuda:N.", DefaultValueFactory = _ => "auto" };

    public static Command Create()
    {
        var command = new Command("search", "Finds images in a folder by describing them in words.") { Model, Images, Query, Top, Json, Device };
        command.SetAction((parsed, cancellation) => Task.Run(() => Execute(parsed, cancellation), CancellationToken.None)); // or Ctrl+C would find no handler yet
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetRequiredValue(Images), query = parsed.GetRequiredValue(Query);
        int top = parsed.GetValue(Top);
        if (top < 1) throw new ArgumentException($"--top is {top}; expected 1 or more.");
        string[] paths = FindImages(folder);
        using SwanModel model = SwanModel.Open(parsed.GetRequiredValue(Model), new SwanModelOptions { Device = SwanDevice.Parse(parsed.GetRequiredValue(Device)) });
        if (!model.HasWords(query)) throw new ArgumentException($"--query is '{query}', which has no word. Describe in words what to look for.");

        var ml = new MLContext();
        ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) Console.Error.WriteLine($"swan: {e.RawMessage}");
        };
        IDataView images = ml.Data.LoadFromEnumerable(paths.Select(p => new ImageRow { ImagePath = p }));
        // One bad file among thousands is no reason to find nothing; the log counts and names such files.
        var options = new SwanEmbeddingOptions { OnError = SwanOnError.Skip, CancellationToken = cancellation };
        IDataView embedded = ml.Transforms.SwanEmbedding("Embedding", "ImagePath", model, options).Fit(images).Transform(images);
        SwanIndex index = ml.Swan().BuildIndex(embedded, "Embedding", "ImagePath", cancellationToken: cancellation);
        SwanHit[] hits = index.SearchCaption(model, query, top);

        if (parsed.GetValue(Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(new { query, images = index.Count, unreadable = paths.Length - index.Count, hits = hits.Select(h => new { image = h.Key, score = h.Score }) }, Format));
            return 0;
        }

        Console.WriteLine($"The {hits.Length} of {index.Count:N0} images in '{folder}' that fit \"{query}\" best:");
        foreach (SwanHit hit in hits) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hit.Score,7:F3}  {hit.Key}"));
        return 0;
    }

    private static string[] FindImages(string folder)
    {
        string[] paths = [.. ImageFolder.List(folder, ignoreInaccessible: true).Select(name => Path.Combine(folder, name))];
        return paths.Length > 0 ? paths : throw new FileNotFoundException($"There are no images in '{folder}' (looked for {string.Join(", ", ImageDecoder.Extensions)}).");
    }

    private sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";
    }
}
