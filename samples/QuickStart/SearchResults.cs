using Swan.MLNet.Datasets;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace QuickStart;

/// <summary>One result of a query.</summary>
internal sealed record Hit(CaptionedImage Image, float Score)
{
    /// <summary>The caption that tells most; empty for an image without captions.</summary>
    public string Caption => Image.Captions.MaxBy(c => c.Length) ?? "";
}

/// <summary>A query with its results, best first.</summary>
internal sealed record Answer(string Query, IReadOnlyList<Hit> Hits);

/// <summary>Asks an index, and prints what it finds.</summary>
internal static class SearchResults
{
    public static Answer[] To(IEnumerable<string> queries, SwanIndex index, SwanModel model, IEnumerable<CaptionedImage> images)
    {
        Dictionary<string, CaptionedImage> byPath = images.ToDictionary(image => image.ImagePath);
        Answer[] answers = [.. queries.Select(
            query => new Answer(query, [.. index.SearchCaption(model, query, k: 5).Select(hit => new Hit(byPath[hit.Key], hit.Score))]))];
        foreach (Answer answer in answers)
        {
            Console.WriteLine($"  {answer.Query}");
            foreach (Hit hit in answer.Hits) Console.WriteLine($"    {hit.Score:F2}  {hit.Image.FileName,-22} {hit.Caption}".TrimEnd());
        }

        return answers;
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
