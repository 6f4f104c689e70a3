using System.Text.Json.Nodes;

namespace Swan.Cli.Bench;

/// <summary>What one kind of work took, turn by turn.</summary>
/// <param name="Key">The work's.</param>
/// <param name="Name">For people.</param>
/// <param name="Count">Images, captions or queries of a turn.</param>
/// <param name="WallSeconds">Of each turn.</param>
/// <param name="ProcessorSeconds">Of each turn, over all threads of this process: what else runs on the machine hardly changes it.</param>
internal sealed record Figure(
    string Key, string Name, int Count, IReadOnlyList<double> WallSeconds, IReadOnlyList<double> ProcessorSeconds)
{
    /// <summary>In the median turn.</summary>
    public double PerSecond => Count / Median(WallSeconds);

    public double Slowest => Count / WallSeconds.Max();

    public double Fastest => Count / WallSeconds.Min();

    /// <summary>Of one, in the median turn.</summary>
    public double WallMilliseconds => 1000 * Median(WallSeconds) / Count;

    /// <inheritdoc cref="WallMilliseconds"/>
    public double ProcessorMilliseconds => 1000 * Median(ProcessorSeconds) / Count;

    /// <summary>How many times as fast as another: the median of the turns' ratios, which what else runs disturbs least.</summary>
    public double TimesAsFastAs(Figure other) => Median([.. other.WallSeconds.Zip(WallSeconds, (their, own) => their / own)]);

    /// <summary>For programs: the medians, and every turn.</summary>
    public JsonObject ToJson() => new()
    {
        ["key"] = Key,
        ["name"] = Name.Trim(),
        ["count"] = Count,
        ["perSecond"] = PerSecond,
        ["wallMilliseconds"] = WallMilliseconds,
        ["processorMilliseconds"] = ProcessorMilliseconds,
        ["wallSeconds"] = Numbers(WallSeconds),
        ["processorSeconds"] = Numbers(ProcessorSeconds),
    };

    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(v => JsonValue.Create(v))]);
}
