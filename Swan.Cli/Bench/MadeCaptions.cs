namespace Swan.Cli.Bench;

/// <summary>Captions to measure with: as long as those of RSICD (11 words on average), however many, and all different.</summary>
internal static class MadeCaptions
{
    // Near the golden section of all, and without a common factor: the first captions have all parts alike, and none comes twice.
    private const int Step = 6677;

    private static readonly string[][] s_parts =
    [
        ["many", "several", "two", "some", "a few", "three", "four", "a lot of"],
        ["planes", "boats", "cars", "buildings", "storage tanks", "houses", "trees", "trucks", "tennis courts", "containers"],
        ["are parked", "lie", "stand in rows", "are scattered", "are arranged"],
        ["beside a wide road", "near a large terminal", "around a green lake", "in a dense residential area",
            "next to a river with a bridge", "between farmland and a forest", "on both sides of a railway",
            "in front of a square", "close to the beach"],
        ["", "with bare land", "and a playground"],
    ];

    /// <summary>How many different ones there are.</summary>
    public static int Most { get; } = s_parts.Aggregate(1, (all, part) => all * part.Length);

    /// <summary>Makes the first <paramref name="count"/>, at most <see cref="Most"/>.</summary>
    public static string[] Make(int count) => [.. Enumerable.Range(0, count).Select(Caption)];

    private static string Caption(int number)
    {
        number = (int)((long)number * Step % Most);
        var words = new List<string>();
        foreach (string[] part in s_parts)
        {
            words.Add(part[number % part.Length]);
            number /= part.Length;
        }
        return string.Join(' ', words.Where(w => w.Length > 0));
    }
}
