using System.CommandLine;
using Swan.Cli.Display;
using Swan.Cli.Indexing;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;
using static System.FormattableString;

namespace Swan.Cli.Commands;

/// <summary><c>swan index search</c>: finds rows by words, by a row of the index, or by both.</summary>
internal static class IndexSearchCommand
{
    private const string Notes =
        """
        With --like and words, or with --without, a score is the weighted sum of the parts' scores, each in standard deviations from its
        mean over the rows that may be found. Otherwise it is a cosine.
        """;

    private static readonly Argument<string> Index = IndexOptions.Index();
    private static readonly Argument<string?> Words = SearchCommand.MakeWords();
    private static readonly Option<string?> Like = new("--like")
    {
        Description = "Key of a row, to find similar images. Can be combined with words.", HelpName = "key",
    };
    private static readonly Option<string[]> Without = new("--without")
    {
        Description = "Description of what the images should not show. Repeatable.", HelpName = "text",
    };
    private static readonly Option<string?> Model = SharedOptions.OptionalModel();
    private static readonly Option<string?> Where = IndexOptions.Where();
    private static readonly Option<int> Top = new NumberOption<int>("--top")
    {
        Description = "Number of images to show.", HelpName = "n", DefaultValueFactory = _ => 10,
    }.Within(1);
    private static readonly Option<int> Skip = new NumberOption<int>("--skip")
    {
        Description = "Number of images to skip.", HelpName = "n", DefaultValueFactory = _ => 0,
    }.Within(0);
    private static readonly Option<float?> MinScore = IndexOptions.MinScore("Minimum score. Default: none.");
    private static readonly Option<double?> MinProbability = SharedOptions.MinProbability();
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();

    public static Command Create() =>
        new DocumentedCommand("search", "Finds the images of an index that fit a description.",
            "swan index search gallery \"a bridge over a river\" --top 10 --where \"file_date >= 2025-01-01\"") { Notes = Notes }
            .With(Index).With(Words).With("Query", Like, Without, Model).With("Results", Where, Top, Skip, MinScore, MinProbability)
            .With("Output", Json).With("Machine", Device).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string? words = parsed.GetValue(Words), like = parsed.GetValue(Like);
        string[] without = parsed.GetValue(Without) ?? [];
        if (words is null && like is null)
            throw new UsageException("There is no query. Add what to look for, such as \"a bridge over a river\", or --like KEY.");
        if (parsed.GetValue(MinProbability) is not null && (like is not null || without.Length > 0))
            throw new UsageException("--min-probability is for words alone: nothing else is calibrated. Use --min-score.");
        using SwanLiveIndex live = LivingIndex.Open(parsed.GetRequiredValue(Index));
        using SwanIndexSnapshot index = live.Snapshot();
        var options = new SwanGallerySearchOptions
        {
            K = parsed.GetValue(Top), Skip = parsed.GetValue(Skip), MinimumScore = parsed.GetValue(MinScore),
            Filter = parsed.GetValue(Where) is { } where ? SwanFilter.Parse(where, index.Columns) : null,
        };
        using SwanModel? model = words is null && without.Length == 0 ? null
            : ModelFile.Open(parsed.GetValue(Model), parsed.GetRequiredValue(Device));
        if (model is not null) IndexModel.RequireFit(index, live.Folder, model.Card, isDefault: parsed.GetValue(Model) is null);
        double limit = model is null ? 0 : AnswerDisplay.Limit(parsed.GetValue(MinProbability), model);
        foreach (string text in without.Prepend(words).OfType<string>()) AnswerDisplay.Warn(model!, text);
        SwanAnswer answer = Ask(index, model, words, like, without, options, cancellation);
        string query = Text(words, like, without);
        if (parsed.GetValue(Json)) JsonOutput.Write(HitsJson.Of(index, query, answer, limit));
        else if (answer.Hits.Count > 0 && answer.IsNothing(limit))
            AnswerDisplay.ShowNothing(query, live.Folder, index.Count, answer, limit);
        else Show(live.Folder, index.Count, query, options, answer);
        return ExitCode.Done;
    }

    // Probabilities are those of words: nothing is calibrated for images, nor for sums of parts.
    private static SwanAnswer Ask(
        SwanIndexSnapshot index, SwanModel? model, string? words, string? like, string[] without, SwanGallerySearchOptions options,
        CancellationToken cancellation)
    {
        try
        {
            if (without.Length == 0 && like is null) return index.AnswerCaption(model!, words!, options, cancellation);
            if (without.Length == 0 && words is null) return Unjudged(index.SearchLike(like!, options, cancellation));
            var query = new SwanQuery();
            if (like is not null) query = query.Key(like);
            if (words is not null) query = query.Text(words);
            foreach (string unwanted in without) query = query.Text(unwanted, weight: -1);
            return Unjudged(index.Search(query, model, options, cancellation));
        }
        catch (KeyNotFoundException e)
        {
            throw new CommandException(e.Message, e);
        }
        catch (InvalidOperationException e) when (without.Length > 1)
        {
            throw new UsageException(e.Message); // too many parts
        }
    }

    private static SwanAnswer Unjudged(SwanHit[] hits) =>
        new([.. hits.Select(hit => new SwanAnswerHit(hit.Key, hit.Row, hit.Score, null))], null, null, null);

    private static string Text(string? words, string? like, string[] without) => string.Join(
        ", ", (string[])[.. like is null ? (string[])[] : [$"like {like}"], .. words is null ? (string[])[] : [words],
            .. without.Select(unwanted => $"without {unwanted}")]);

    private static void Show(string folder, int count, string query, SwanGallerySearchOptions options, SwanAnswer answer)
    {
        int found = answer.Hits.Count;
        string which = options.Filter is null ? "" : " and pass the filter";
        Console.WriteLine(found == 0
            ? $"None of {Counted.Of(count, "image")} in '{folder}' fits \"{query}\""
                + (options.Filter is null && options.MinimumScore is null && options.Skip == 0 ? "." : " with these options.")
            : Invariant($"The {found:N0} of {Counted.Of(count, "image")} in '{folder}' that {Counted.Verb(found, "fits", "fit")} ")
                + $"\"{query}\" best{which}{(options.Skip > 0 ? Invariant($", after the first {options.Skip:N0}") : "")}"
                + $"{AnswerDisplay.Any(answer)}:");
        AnswerDisplay.Show(answer.Hits);
    }
}
