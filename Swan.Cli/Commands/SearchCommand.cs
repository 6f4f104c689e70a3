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
    private static readonly Option<double?> MinProbability = SharedOptions.MinProbability();
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();

    public static Command Create() =>
        new DocumentedCommand("search", "Finds the images in a folder that fit a description.",
            "swan search --images photos \"planes parked beside a terminal\"")
            .With(Words).With("Input", Images, Query, Model)
            .With(PictureOptions.Heading, Pictures.All).With("Output", Top, MinProbability, Json).With("Machine", Device).Runs(Execute);

    // A mistyped option would otherwise be searched for.
    internal static Argument<string?> MakeWords()
    {
        var words = new Argument<string?>("query") { Description = "Description of the image to find.", Arity = ArgumentArity.ZeroOrOne };
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
        double limit = AnswerDisplay.Limit(parsed.GetValue(MinProbability), model);
        // Before the images: a query that can't be used is refused at once.
        _ = model.EmbedCaption(query);
        AnswerDisplay.Warn(model, query);

        SwanIndex index = Index(listed.Images, model, Pictures.Read(parsed), cancellation);
        SwanAnswer answer = index.AnswerCaption(model, query, parsed.GetValue(Top));
        if (parsed.GetValue(Json)) JsonOutput.Write(ToJson(query, answer, limit, index, listed));
        else if (answer.IsNothing(limit)) AnswerDisplay.ShowNothing(query, folder, index.Count, answer, limit);
        else Show(query, folder, answer, index);
        return ExitCode.Done;
    }

    private static void Show(string query, string folder, SwanAnswer answer, SwanIndex index)
    {
        int count = answer.Hits.Count;
        Console.WriteLine(Invariant($"The {count:N0} of {Counted.Of(index.Count, "image")} in '{folder}' that ")
            + $"{Counted.Verb(count, "fits", "fit")} \"{query}\" best{AnswerDisplay.Any(answer)}:");
        AnswerDisplay.Show(answer.Hits);
    }

    private static JsonObject ToJson(string query, SwanAnswer answer, double limit, SwanIndex index, SearchedFolder listed)
    {
        var json = new JsonObject
        {
            ["query"] = query,
            ["images"] = index.Count,
            ["unreadable"] = listed.Images.Length - index.Count,
            ["unreadableFolders"] = listed.Unreadable.Length,
            ["otherFiles"] = listed.Others,
            ["hits"] = new JsonArray([.. answer.Hits.Select(AnswerDisplay.ToJson)]),
        };
        AnswerDisplay.AddJudgment(json, answer, limit);
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
