using Swan.MLNet.Datasets;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace QuickStart;

/// <summary>One result of a query; its probability is null where the model has no calibration.</summary>
internal sealed record Hit(CaptionedImage Image, float Score, double? Probability = null)
{
    /// <summary>The caption that tells most; empty for an image without captions.</summary>
    public string Caption => Image.Captions.MaxBy(c => c.Length) ?? "";
}

/// <summary>A query with its results, best first.</summary>
/// <param name="Query">The query.</param>
/// <param name="Hits">The results.</param>
/// <param name="Remark">What to say above them: nothing found, or words that the model doesn't know. Null for nothing.</param>
internal sealed record Answer(string Query, IReadOnlyList<Hit> Hits, string? Remark = null);

/// <summary>Asks an index, and prints what it finds.</summary>
internal static class SearchResults
{
    public static Answer[] To(IEnumerable<string> queries, SwanIndex index, SwanModel model, IEnumerable<CaptionedImage> images)
    {
        Dictionary<string, CaptionedImage> byPath = images.ToDictionary(image => image.ImagePath);
        Answer[] answers = [.. queries.Select(query => Ask(query, index, model, byPath))];
        foreach (Answer answer in answers)
        {
            Console.WriteLine($"  {answer.Query}");
            if (answer.Remark is { } remark) Console.WriteLine($"    {remark}");
            foreach (Hit hit in answer.Hits)
            {
                string probability = hit.Probability is { } p ? $"{p,4:P0}  " : "";
                Console.WriteLine($"    {hit.Score:F2}  {probability}{hit.Image.FileName,-22} {hit.Caption}".TrimEnd());
            }
        }

        return answers;
    }

    private static Answer Ask(string query, SwanIndex index, SwanModel model, Dictionary<string, CaptionedImage> byPath)
    {
        SwanAnswer found = index.AnswerCaption(model, query, k: 5);
        string? nothing = found.IsNothing()
            ? $"Nothing found: any image fits with a probability of {found.ProbabilityOfAny:P0}. These are the nearest." : null;
        return new Answer(query, [.. found.Hits.Select(hit => new Hit(byPath[hit.Key], hit.Score, hit.Probability))],
            found.Text?.Warning ?? nothing);
    }

    public static void Print(IEnumerable<Measure> measures)
    {
        foreach (Measure m in measures) Console.WriteLine($"  {m.Name,-28}{m.Value,6:F1} %   by guessing {m.Chance,5:F1} %");
    }

    /// <summary>So many captions, evenly spread over all that have words, as queries.</summary>
    public static string[] Some(IEnumerable<string> captions, int count)
    {
        string[] all = [.. captions.Where(caption => caption.Any(char.IsLetter))];
        return [.. Enumerable.Range(0, count).Select(i => all[(2 * i + 1) * all.Length / (2 * count)])];
    }
}
