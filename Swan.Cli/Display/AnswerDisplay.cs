using System.Text.Json.Nodes;
using Swan.Cli.Outcomes;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;
using static System.FormattableString;

namespace Swan.Cli.Display;

/// <summary>Answers to a query as lines and as JSON, with probabilities where the model has a calibration.</summary>
internal static class AnswerDisplay
{
    /// <summary>The probability that any image fits below which "nothing found" is said.</summary>
    /// <param name="given">What <c>--min-probability</c> says; null: the calibration's.</param>
    /// <param name="model">The model that asks.</param>
    /// <exception cref="UsageException">It is given, and the model has no calibration.</exception>
    public static double Limit(double? given, SwanModel model) => given > 0 && model.Calibration is null
        ? throw new UsageException($"--min-probability is {given}, but the model '{model.Card.Name}' has no calibration, so it gives no "
            + "probabilities. Calibrate it with 'swan calibrate', or leave the option out.")
        : given ?? model.Calibration?.DefaultMinProbability ?? 0;

    /// <summary>What a query's user should know of it, on standard error.</summary>
    public static void Warn(SwanModel model, string query)
    {
        if (model.IsTruncated(query))
            Console.Error.WriteLine($"swan: The query is longer than {model.Tokenizer.MaxLength} tokens. The rest is ignored.");
        if (model.JudgeText(query)?.Warning is { } strange) Console.Error.WriteLine($"swan: {strange}");
    }

    /// <summary>The hits, a line each.</summary>
    public static void Show(IReadOnlyList<SwanAnswerHit> hits)
    {
        foreach (SwanAnswerHit hit in hits)
        {
            string probability = hit.Probability is { } own ? Invariant($"  {own,5:P0}") : "";
            Console.WriteLine(Invariant($"{hit.Score,7:F3}{probability}  {hit.Key}"));
        }
    }

    /// <summary>How likely any image fits, in parentheses; empty where the model has no calibration.</summary>
    public static string Any(SwanAnswer answer) => answer.ProbabilityOfAny is { } any ? Invariant($" (any fits with {any:P0})") : "";

    /// <summary>Says that nothing was found.</summary>
    public static void ShowNothing(string query, string folder, int images, SwanAnswer answer, double limit) => Console.WriteLine(
        Invariant($"Nothing found for \"{query}\" in {Counted.Of(images, "image")} in '{folder}': any fits with a ")
        + Invariant($"probability of {answer.ProbabilityOfAny:P0}, below the minimum of {limit:P0}. --min-probability 0 shows the best."));

    /// <summary>A hit as JSON.</summary>
    public static JsonObject ToJson(SwanAnswerHit hit)
    {
        var json = new JsonObject { ["image"] = hit.Key, ["score"] = hit.Score };
        if (hit.Probability is { } probability) json["probability"] = probability;
        return json;
    }

    /// <summary>Adds what the calibration says. Hits are there in any case: JSON is for programs, which decide.</summary>
    public static void AddJudgment(JsonObject json, SwanAnswer answer, double limit)
    {
        if (answer.ProbabilityOfAny is { } any)
        {
            json["probabilityOfAny"] = any;
            json["minProbability"] = limit;
            json["nothingFound"] = answer.IsNothing(limit);
        }
        if (answer.Text is not { } text) return;
        json["queryKind"] = text.Kind.ToString();
        json["unknownWords"] = new JsonArray([.. text.UnknownWords.Select(w => JsonValue.Create(w))]);
    }
}
