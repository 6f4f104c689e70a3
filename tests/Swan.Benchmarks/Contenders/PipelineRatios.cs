using System.Text.Json;
using Swan.Cli.Doctor;

namespace Swan.Benchmarks.Contenders;

/// <summary>How the contenders of one measurement compare: medians over its rounds of the ratios and differences within a round.</summary>
/// <remarks>What else runs on the machine changes from round to round, and less within one.</remarks>
/// <param name="OverStock">Our rows/s over those of stock ML.NET.</param>
/// <param name="BareOverOneRun">Bare ONNX Runtime's images/s as we run it, over one run of all threads.</param>
/// <param name="OfBareAndDecoding">Our rows/s over what bare ONNX Runtime and decoding, one after the other, would reach.</param>
/// <param name="BeyondMilliseconds">Our processor milliseconds a row beyond those of bare ONNX Runtime and decoding.</param>
/// <param name="ProcessorOverStock">Stock ML.NET's processor time a row over ours.</param>
/// <param name="ProcessorOneRunOverBare">Processor time an image of one run of all threads over that of runs of one thread.</param>
/// <param name="OtherOverStock">Rows/s with the second model over those of stock ML.NET with the first; null without a second one.</param>
/// <param name="OtherBareOverBare">Images/s of bare ONNX Runtime with the second model over those with the first.</param>
/// <param name="ProcessorBareOverOther">Bare ONNX Runtime's processor time an image with the first model over that with the second.</param>
internal sealed record PipelineRatios(
    double OverStock, double BareOverOneRun, double OfBareAndDecoding, double BeyondMilliseconds, double ProcessorOverStock,
    double ProcessorOneRunOverBare, double? OtherOverStock, double? OtherBareOverBare, double? ProcessorBareOverOther)
{
    public static PipelineRatios Of(IReadOnlyDictionary<ContenderKind, List<Measurement>> measured)
    {
        return new(
            Median((kind, i) => Rate(kind(ContenderKind.Swan), i) / Rate(kind(ContenderKind.Stock), i)),
            Median((kind, i) => Rate(kind(ContenderKind.Bare), i) / Rate(kind(ContenderKind.OneRun), i)),
            Median((kind, i) =>
                Rate(kind(ContenderKind.Swan), i) * (1 / Rate(kind(ContenderKind.Bare), i) + 1 / Rate(kind(ContenderKind.Decoding), i))),
            Median((kind, i) =>
                Cost(kind(ContenderKind.Swan), i) - Cost(kind(ContenderKind.Bare), i) - Cost(kind(ContenderKind.Decoding), i)),
            Median((kind, i) => Cost(kind(ContenderKind.Stock), i) / Cost(kind(ContenderKind.Swan), i)),
            Median((kind, i) => Cost(kind(ContenderKind.OneRun), i) / Cost(kind(ContenderKind.Bare), i)),
            Other((kind, i) => Rate(kind(ContenderKind.OtherSwan), i) / Rate(kind(ContenderKind.Stock), i)),
            Other((kind, i) => Rate(kind(ContenderKind.OtherBare), i) / Rate(kind(ContenderKind.Bare), i)),
            Other((kind, i) => Cost(kind(ContenderKind.Bare), i) / Cost(kind(ContenderKind.OtherBare), i)));

        double? Other(Func<Func<ContenderKind, List<Measurement>>, int, double> figure) =>
            measured.ContainsKey(ContenderKind.OtherSwan) ? Median(figure) : null;

        double Median(Func<Func<ContenderKind, List<Measurement>>, int, double> figure) =>
            Report.Median(Enumerable.Range(0, measured[ContenderKind.Swan].Count).Select(round => figure(kind => measured[kind], round)));

        static double Rate(List<Measurement> all, int round) => all[round].Rate;

        static double Cost(List<Measurement> all, int round) => all[round].ProcessorMillisecondsPerRow;
    }

    /// <summary>For people.</summary>
    public IEnumerable<string> Lines() =>
    [
        $"{OverStock:F2} times the rows/s of stock ML.NET, {ProcessorOverStock:F2} times as much for the same processor time.",
        $"{OfBareAndDecoding:P0} of bare ONNX Runtime and decoding; {BeyondMilliseconds:F2} processor ms a row beyond them.",
        $"Bare: runs of one thread make {BareOverOneRun:F2} times the images/s of one run of all threads, "
            + $"{ProcessorOneRunOverBare:F2} times as many for the same processor time.",
        .. OtherOverStock is null ? (string[])[] :
        [
            $"The second model: {OtherOverStock:F2} times the rows/s of stock ML.NET with the first; bare, {OtherBareOverBare:F2} times "
                + $"the images/s of the first, {ProcessorBareOverOther:F2} times as many for the same processor time.",
        ],
    ];

    /// <summary>Prints what has changed since an earlier measurement.</summary>
    /// <param name="path">What <c>--json</c> wrote.</param>
    /// <param name="settings">What was measured, by its name in that file.</param>
    /// <param name="costs">Processor milliseconds a row by contender, now.</param>
    /// <param name="now">The ratios now.</param>
    public static void PrintChange(
        string path, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, double> costs, PipelineRatios now)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement figures = file.RootElement.GetProperty("figures"), machine = file.RootElement.GetProperty("machine");
        var then = figures.GetProperty("contenders").EnumerateArray()
            .ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("processorMilliseconds").GetDouble());
        Console.WriteLine();
        foreach ((string name, string today) in
            settings.Append(new("processors", $"{Environment.ProcessorCount}")).Append(new("processor", MachineLimits.ProcessorName)))
        {
            string before = figures.TryGetProperty(name, out JsonElement value) || machine.TryGetProperty(name, out value)
                ? value.ToString() : "unknown";
            if (before != today)
                Console.WriteLine($"  Another '{name}', then {before}, now {today}: the change is not the program's alone.");
        }
        Report.Table(
            [$"against '{path}'", "processor ms/row then", "now", "now / then"],
            costs.Where(c => then.ContainsKey(c.Key))
                .Select(c => new[] { c.Key, $"{then[c.Key]:F2}", $"{c.Value:F2}", $"{c.Value / then[c.Key]:F2}" }));
        if (figures.TryGetProperty("ratios", out JsonElement old) && old.TryGetProperty("overStock", out JsonElement overStock))
            Console.WriteLine($"  Over stock ML.NET: {overStock.GetDouble():F2} then, {now.OverStock:F2} now.");
    }
}
