using System.CommandLine;
using Swan.Cli.Options;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>Recall of captions whose words are separated or written in other ways, as text boxes, files and web pages do.</summary>
internal static class TextsCommand
{
    private const int Depth = 10;
    private static readonly Option<string?> Model = new("--model") { Description = "The model file (.swan). Default: the one inside." };
    private static readonly Option<string> Data = new("--data") { Description = "Images and captions, JSON lines.", Required = true };
    private static readonly Option<int> Captions = SharedOptions.AtLeastOne(new NumberOption<int>("--captions")
    {
        Description = "Images, each with its first caption: the first of the data.",
        DefaultValueFactory = _ => 300,
    });

    private static readonly (string Name, Func<string, string> Write)[] Forms =
    [
        ("as they are", text => text),
        ("line break every 4 words", text => Every(text, 4, "\n")),
        ("line break every 2 words", text => Every(text, 2, "\r\n")),
        ("tabs between all words", text => Every(text, 1, "\t")),
        ("zero width spaces between all words", text => Every(text, 1, "\u200B")),
        ("byte order marks between all words", text => Every(text, 1, "\uFEFF")),
        ("soft hyphen within every word", text => Within(text, "\u00AD")),
        ("word joiner within every word", text => Within(text, "\u2060")),
        ("directions around every word", text => string.Join(' ', text.Split(' ').Select(w => $"\u202A{w}\u202C"))),
        ("full-width letters", text => string.Concat(text.Select(c => char.IsAsciiLetter(c) ? (char)(c + 0xFEE0) : c))),
        ("mathematical letters", text => string.Concat(text.Select(
            c => char.IsAsciiLetterLower(c) ? char.ConvertFromUtf32(0x1D41A + c - 'a') : c.ToString()))),
    ];

    public static Command Create()
    {
        var command = new Command("texts", "Recall of captions with other characters between and within their words.")
        {
            Model, Data, SharedOptions.Images, Captions, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(
            parsed.GetValue(Model), parsed.GetRequiredValue(Data), parsed.GetRequiredValue(SharedOptions.Images),
            parsed.GetValue(Captions), parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static int Execute(string? modelPath, string data, string folder, int count, string? json)
    {
        using SwanModel model = modelPath is null ? SwanModel.OpenDefault() : SwanModel.Open(modelPath);
        // Some captions are a full stop alone.
        CaptionedImage[] images =
            [.. JsonLinesReader.Read(data, folder).Images.Where(i => i.Captions.Count > 0 && model.HasWords(i.Captions[0])).Take(count)];
        SwanIndex index = SwanIndex.Build(
            model.EmbedImages([.. images.Select(i => i.ImagePath)]), model.EmbeddingSize, model: model.Card.Identity);
        (string Form, double Recall)[] found = [.. Forms.Select(form => (form.Name, Recall(model, index, images, form.Write)))];
        Report.Table(
            [$"{images.Length} captions", $"recall at {Depth}"], found.Select(f => (string[])[f.Form, $"{f.Recall:F1}"]));
        Report.Write(json, "texts", new { captions = images.Length, forms = found.ToDictionary(f => f.Form, f => f.Recall) });
        return found.All(f => f.Recall == found[0].Recall) ? 0 : 1;
    }

    private static double Recall(SwanModel model, SwanIndex index, CaptionedImage[] images, Func<string, string> write)
    {
        SwanHit[][] hits = index.SearchMany(model.EmbedCaptions([.. images.Select(i => write(i.Captions[0]))]), Depth);
        return 100.0 * Enumerable.Range(0, images.Length).Count(i => hits[i].Any(h => h.Row == i)) / images.Length;
    }

    // Blanks, but the separator after every so many words.
    private static string Every(string text, int words, string separator) =>
        string.Join(separator, text.Split(' ').Chunk(words).Select(part => string.Join(' ', part)));

    private static string Within(string text, string character) =>
        string.Join(' ', text.Split(' ').Select(word => word.Insert(word.Length / 2, character)));
}
