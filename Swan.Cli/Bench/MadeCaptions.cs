namespace Swan.Cli.Bench;

/// <summary>Captions to measure with: as long as those of RSICD, and all different.</summary>
internal static class MadeCaptions
{
    private static readonly string[][] s_parts =
    [
        ["many", "several", "two", "some", "a few", "three", "four", "a lot of"],
        ["planes", "boats", "cars", "buildings", "storage tanks", "houses", "trees", "trucks", "tennis courts", "containers"],
        ["are parked", "lie", "stand in rows", "are scattered", "are arranged"],
        ["beside a wide road", "near a large terminal", "around a green lake", "in a dense residential area",
            "next to a river with a bridge", "between farmland and a forest", "on both sides of a railway", "in front of a square", "close to the beach"],
        ["", "with bare land behind", "and a playground is nearby"],
    ];

    /// <summary>How many different ones there are.</summary>
    public static int Most { get; } = s_parts.Aggregate(1, (all, part) => all * part.Length);

    /// <summary>Makes the first <paramref name="count"/>, at most <see cref="Most"/>.</summary>
    public static string[] Make(int count) => [.. Enumerable.Range(0, count).Select(Caption)];

    private static string Caption(int number)
    {
        var words = new List<string>();
        foreach (string[] part in s_parts)
        {
            words.Add(part[number % part.Length]);
            number /= part.Length;
        }
        return string.Join(' ', words.Where(w => w.Length > 0));
    }
}
