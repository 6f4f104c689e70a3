using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;
using Swan.MLNet.Text;
using Swan.MLNet.Transforms;
using static System.FormattableString;

namespace Swan.Cli.Commands;

/// <summary><c>swan search</c>: finds images in a folder by describing them.</summary>
internal static class SearchCommand
{
    private static readonly Argument<string?> Words = MakeWords();
    private static readonly Option<string?> Query = new("--query") { Description = "The same as the argument.", HelpName = "text" };
    private static readonly Option<string> Images = SharedOptions.Images("Folder with images. Folders inside it are searched too.");
    private static readonly Option<string?> Model = SharedOptions.OptionalModel();
    private static readonly PictureOptions Pictures = new();
    private static readonly Option<int> Top = new NumberOption<int>("--top")
    {
        Description = "Number of images to show.", HelpName = "n", DefaultValueFactory = _ => 10,
    }.Within(1);
    private static readonly Option<double?> MinProbability = new OptionalNumberOption<double>("--min-probability")
    {
        Description = "Say \"nothing found\" where any image fits with a probability below this, 0 to 1; 0 shows all. Default: the limit "
            + "of the model's calibration.",
        HelpName = "p", Fault = p => p is >= 0 and <= 1 ? null : "expected 0 to 1",
    };
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();

    public static Command Create() =>
        new DocumentedCommand("search", "Finds the images in a folder that fit a description.",
            "swan search --images photos \"planes parked beside a terminal\"")
            .With(Words).With("Input", Images, Query, Model)
            .With(PictureOptions.Heading, Pictures.All).With("Output", Top, MinProbability, Json).With("Machine", Device).Runs(Execute);

    // A mistyped option would otherwise be searched for.
    private static Argument<string?> MakeWords()
    {
        var words = new Argument<string?>("query") { Description = "What to look for, in words.", Arity = ArgumentArity.ZeroOrOne };
        words.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: ['-', '-', ..] value }]) given.AddError($"'{value}' is not an option of this command.");
        });
        return words;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetRequiredValue(Images), query = QueryOf(parsed);
        SearchedFolder listed = SearchedFolder.List(folder);
        foreach (string warning in listed.Warnings) Console.Error.WriteLine($"swan: {warning}");
        using SwanModel model = ModelFile.Open(parsed.GetValue(Model), parsed.GetRequiredValue(Device));
        double? least = parsed.GetValue(MinProbability);
        if (least > 0 && model.Calibration is null)
        {
            throw new UsageException($"--min-probability is {least}, but the model '{model.Card.Name}' has no calibration, so it knows no "
                + "probabilities. Calibrate it with 'swan calibrate', or leave the option out.");
        }
        // Before the images: a query that can't be used is refused at once.
        _ = model.EmbedCaption(query);
        if (model.IsTruncated(query))
            Console.Error.WriteLine($"swan: The query is longer than {model.Tokenizer.MaxLength} tokens. What comes after is ignored.");
        if (model.JudgeText(query)?.Warning is { } strange) Console.Error.WriteLine($"swan: {strange}");

        SwanIndex index = Index(listed.Images, model, Pictures.Read(parsed), cancellation);
        SwanAnswer answer = index.AnswerCaption(model, query, parsed.GetValue(Top));
        double limit = least ?? answer.DefaultMinProbability ?? 0;
        if (parsed.GetValue(Json)) JsonOutput.Write(ToJson(query, answer, limit, index, listed));
        else if (answer.IsNothing(limit)) ShowNothing(query, folder, answer, limit, index);
        else Show(query, folder, answer, index);
        return ExitCode.Done;
    }

    private static void Show(string query, string folder, SwanAnswer answer, SwanIndex index)
    {
        int count = answer.Hits.Count;
        string any = answer.ProbabilityOfAny is { } p ? Invariant($" (any does with {p:P0})") : "";
        Console.WriteLine(Invariant($"The {count:N0} of {Counted.Of(index.Count, "image")} in '{folder}' that ")
            + $"{Counted.Verb(count, "fits", "fit")} \"{query}\" best{any}:");
        foreach (SwanAnswerHit hit in answer.Hits)
        {
            string probability = hit.Probability is { } own ? Invariant($"  {own,5:P0}") : "";
            Console.WriteLine(Invariant($"{hit.Score,7:F3}{probability}  {hit.Key}"));
        }
    }

    private static void ShowNothing(string query, string folder, SwanAnswer answer, double limit, SwanIndex index) =>
        Console.WriteLine(Invariant($"Nothing found for \"{query}\" in {Counted.Of(index.Count, "image")} in '{folder}': any fits with a ")
            + Invariant($"probability of {answer.ProbabilityOfAny:P0}, and {limit:P0} is the least. --min-probability 0 shows the best."));

    // Hits are there in any case: JSON is for programs, which decide.
    private static JsonObject ToJson(string query, SwanAnswer answer, double limit, SwanIndex index, SearchedFolder listed)
    {
        var json = new JsonObject
        {
            ["query"] = query,
            ["images"] = index.Count,
            ["unreadable"] = listed.Images.Length - index.Count,
            ["unreadableFolders"] = listed.Unreadable.Length,
            ["otherFiles"] = listed.Others,
            ["hits"] = new JsonArray([.. answer.Hits.Select(Hit)]),
        };
        if (answer.ProbabilityOfAny is { } any)
        {
            json["probabilityOfAny"] = any;
            json["minProbability"] = limit;
            json["nothingFound"] = answer.IsNothing(limit);
        }
        if (answer.Text is { } text)
        {
            json["queryKind"] = text.Kind.ToString();
            json["unknownWords"] = new JsonArray([.. text.UnknownWords.Select(w => JsonValue.Create(w))]);
        }
        return json;
    }

    private static JsonNode Hit(SwanAnswerHit hit)
    {
        var json = new JsonObject { ["image"] = hit.Key, ["score"] = hit.Score };
        if (hit.Probability is { } probability) json["probability"] = probability;
        return json;
    }

    private static string QueryOf(ParseResult parsed) => (parsed.GetValue(Words), parsed.GetValue(Query)) switch
    {
        ({ } words, null) => words,
        (null, { } query) => query,
        (null, null) => throw new UsageException("There is no query. Add what to look for, such as \"planes parked beside a terminal\"."),
        _ => throw new UsageException("The query is given twice, as an argument and with --query. Give it once."),
    };

    private static SwanIndex Index(
        string[] paths, SwanModel model, ImageDecodingOptions decoding, CancellationToken cancellation)
    {
        MLContext ml = WarningLog.Context();
        IDataView images = ml.Data.LoadFromEnumerable(paths.Select(p => new ImageRow { ImagePath = p }));
        // One bad file among thousands is no reason to find nothing; the log counts and names such files.
        var options = new SwanEmbeddingOptions
        {
            OnError = SwanOnError.Skip,
            Range = decoding.Range,
            Bands = decoding.Bands,
            NoData = decoding.NoData,
            MinValidShare = decoding.MinValidShare,
            CancellationToken = cancellation,
        };
        IDataView embedded = ml.Transforms.SwanEmbedding("Embedding", "ImagePath", model, options).Fit(images).Transform(images);
        return ml.Swan().BuildIndex(embedded, "Embedding", "ImagePath", cancellationToken: cancellation);
    }

    private sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";
    }
}
