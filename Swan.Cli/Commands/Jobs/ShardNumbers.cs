using System.Globalization;

namespace Swan.Cli.Commands;

/// <summary>Numbers of shards as <c>swan job status</c> and Slurm's arrays write them: <c>7</c>, <c>0-3,9</c>, <c>7-399:100</c>.</summary>
internal static class ShardNumbers
{
    // More than any run has; a slip of the finger must not take all memory.
    private const int Most = 1_000_000;

    /// <summary>The numbers, each once, in the order given; null where the text isn't of that form.</summary>
    /// <param name="text">Numbers and ranges, with commas between them. Ranges may have a step after a colon.</param>
    public static int[]? Parse(string text)
    {
        var numbers = new List<int>();
        foreach (string part in text.Split(','))
        {
            string[] range = part.Split('-', 2), end = range[^1].Split(':', 2);
            int? first = Number(range.Length > 1 ? range[0] : end[0]), last = Number(end[0]), step = end.Length > 1 ? Number(end[1]) : 1;
            if (first is null || last < first || last is null || step is null or 0 || (range.Length == 1 && end.Length > 1)) return null;
            if (numbers.Count + ((long)last - first) / step >= Most) return null;
            for (long number = first.Value; number <= last; number += step.Value) numbers.Add((int)number);
        }
        return [.. numbers.Distinct()];
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
