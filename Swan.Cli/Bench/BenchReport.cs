using System.Text.Json.Nodes;
using Swan.Cli.Doctor;

namespace Swan.Cli.Bench;

/// <summary>What <c>swan bench</c> has measured, and on what.</summary>
/// <param name="Processor">The machine's.</param>
/// <param name="Processors">How many this process may use.</param>
/// <param name="Input">The images.</param>
/// <param name="Turns">Turns of each kind of work.</param>
/// <param name="OthersShare">Of the processors, what other processes took meanwhile, 0 to 1; NaN where the system doesn't tell.</param>
/// <param name="Models">With each model.</param>
/// <param name="Search">Without one.</param>
/// <param name="Gallery">Images that are searched.</param>
internal sealed record BenchReport(
    string Processor, int Processors, string Input, int Turns, double OthersShare, IReadOnlyList<MeasuredModel> Models,
    IReadOnlyList<Figure> Search, int Gallery)
{
    // Others that take more than this disturb rates.
    private const double Quiet = 0.1;

    /// <summary>For people, one line each.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Text($"{Processor}, {Processors} processors; {Input}; {Turns} turns, medians.");
        if (OthersShare > Quiet)
        {
            yield return Text($"Other processes took {OthersShare:P0} of the processors meanwhile: trust processor ms and ratios more ")
                + "than rates.";
        }
        foreach (MeasuredModel model in Models)
        {
            yield return "";
            yield return model.ToString();
            foreach (string line in Table(model.Figures)) yield return line;
        }
        yield return "";
        foreach (string line in Table(Search)) yield return line;
        if (Models is not [MeasuredModel first, MeasuredModel second]) yield break;
        yield return "";
        yield return $"{first.Name} relative to {second.Name}, ratio of speeds in the same turns:";
        foreach ((Figure own, Figure other) in first.Figures.Zip(second.Figures))
            yield return Text($"  {own.Name,-42}{own.TimesAsFastAs(other),9:F2}");
    }

    /// <summary>For programs.</summary>
    public JsonObject ToJson(Versions versions) => new()
    {
        ["versions"] = versions.ToJson(),
        ["processor"] = Processor,
        ["processors"] = Processors,
        ["input"] = Input,
        ["turns"] = Turns,
        ["gallery"] = Gallery,
        ["othersShare"] = double.IsFinite(OthersShare) ? OthersShare : null,
        ["models"] = new JsonArray([.. Models.Select(m => m.ToJson())]),
        ["search"] = new JsonArray([.. Search.Select(f => f.ToJson())]),
    };

    private static IEnumerable<string> Table(IReadOnlyList<Figure> figures)
    {
        yield return Text($"  {"",-42}{"per second",11}{"from",9}{"to",9}{"wall ms",10}{"processor ms",14}");
        foreach (Figure f in figures)
        {
            yield return Text($"  {f.Name,-42}{f.PerSecond,11:F1}{f.Slowest,9:F1}{f.Fastest,9:F1}")
                + Text($"{f.WallMilliseconds,10:F2}{f.ProcessorMilliseconds,14:F2}");
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
