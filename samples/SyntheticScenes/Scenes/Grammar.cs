using System.Text.RegularExpressions;

namespace SyntheticScenes;

/// <summary>
/// Writes sentences from templates: in <c>"[a|one] bridge [over|across] a river"</c> each bracket becomes one of its choices, which may
/// hold brackets.
/// </summary>
internal static class Grammar
{
    private static readonly string[] Numbers =
    [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];

    /// <summary>Different sentences, from as many different templates as there are.</summary>
    public static string[] Write(Random random, int sentences, IReadOnlyList<string> templates)
    {
        var written = new List<string>();
        string[] order = [.. templates];
        random.Shuffle(order);
        for (int i = 0; written.Count < sentences; i++)
        {
            string sentence = Expand(order[i % order.Length], random);
            if (!written.Contains(sentence)) written.Add(sentence);
            else if (i > 100 * sentences)
            {
                throw new ArgumentException(
                    $"The templates make only {written.Count} different sentences, not {sentences}.", nameof(templates));
            }
        }

        return [.. written];
    }

    /// <summary><c>Count(3, "white plane")</c> is "three white planes"; beyond twelve it is "many".</summary>
    public static string Count(int n, string thing) => $"{(n < Numbers.Length ? Numbers[n] : "many")} {Plural(n, thing)}";

    /// <summary>The same as a template, in which every third time the number goes unsaid: "white planes", "a white plane".</summary>
    public static string Some(int n, string thing) => n switch
    {
        0 => Count(n, thing),
        1 => $"[one|one|a] {thing}",
        _ => $"{Maybe(n < Numbers.Length ? Numbers[n] : "many")}{Plural(n, thing)}",
    };

    /// <summary>A detail that every third time goes unsaid, and the space after it.</summary>
    public static string Maybe(string detail) => $"[{detail} |{detail} |]";

    public static string Plural(int n, string thing) =>
        n == 1 || thing.EndsWith("aircraft", StringComparison.Ordinal) ? thing : $"{thing}s";

    public static string Are(int n) => n == 1 ? "is" : "are";

    private static string Expand(string template, Random random)
    {
        for (int open; (open = template.LastIndexOf('[')) >= 0;) // the last one has no other inside
        {
            int close = template.IndexOf(']', open);
            string[] choices = template[(open + 1)..close].Split('|');
            template = template[..open] + choices[random.Next(choices.Length)] + template[(close + 1)..];
        }

        string sentence = string.Join(' ', template.Split(' ', StringSplitOptions.RemoveEmptyEntries)); // an empty choice leaves two spaces
        return Regex.Replace(sentence, @"\ba (?=[aeiou])", "an ");
    }
}
