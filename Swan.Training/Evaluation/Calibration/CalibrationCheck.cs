using Swan.MLNet.Calibration;
using static System.FormattableString;

namespace Swan.Training.Evaluation;

/// <summary>What two fits say of the scenes that each does not know.</summary>
/// <param name="half">The scenes of the first half.</param>
/// <param name="first">Fitted on the first half.</param>
/// <param name="second">Fitted on the other one.</param>
internal sealed class CalibrationCheck(IReadOnlySet<string> half, CalibrationFit first, CalibrationFit second)
{
    /// <summary>Rows by size of the gallery, and by whether the bank has the scene.</summary>
    /// <param name="name">Of the queries.</param>
    /// <param name="cases">What they were asked.</param>
    /// <param name="notKnown">The share of texts that are not known.</param>
    public IEnumerable<SwanCalibrationRow> Rows(string name, IReadOnlyList<CalibrationCase> cases, double notKnown)
    {
        foreach (var group in cases.GroupBy(c => (c.BankLacks, c.Images)).OrderBy(g => g.Key.BankLacks).ThenByDescending(g => g.Key.Images))
        {
            CalibrationCase[] inVain = [.. group.Where(c => !c.Right)], right = [.. group.Where(c => c.Right)];
            yield return new SwanCalibrationRow(
                Invariant($"{name}{(group.Key.BankLacks ? ", bank without the scene" : "")}"), group.Key.Images, inVain.Length,
                Share(inVain, c => Fit(c).Answers(c.Features)), Share(right, c => !Fit(c).Answers(c.Features)), notKnown);
        }
    }

    /// <summary>The row of queries that nothing answers.</summary>
    /// <param name="name">Of the queries.</param>
    /// <param name="features">Of each answer.</param>
    /// <param name="images">Images in the gallery.</param>
    /// <param name="notKnown">The share of texts that are not known.</param>
    public SwanCalibrationRow InVain(string name, IReadOnlyList<double[]> features, int images, double notKnown) => new(
        name, images, features.Count, features.Average(f => ((first.Answers(f) ? 1 : 0) + (second.Answers(f) ? 1 : 0)) / 2.0), double.NaN,
        notKnown);

    /// <summary>Reliability of whole answers over the largest gallery.</summary>
    public SwanReliabilityBin[] Any(IReadOnlyList<CalibrationCase> cases) =>
        SwanCalibrationReport.Bins(Largest(cases).Select(c => (Fit(c).Any.Probability(c.Features), c.Right)));

    /// <summary>Reliability of the hits of the same answers.</summary>
    public SwanReliabilityBin[] Hits(IReadOnlyList<CalibrationCase> cases) => SwanCalibrationReport.Bins(Largest(cases).SelectMany(c =>
    {
        double any = Fit(c).Any.Probability(c.Features);
        return c.Hits(any).Select(h => (Math.Min(any, Fit(c).Hit.Probability(h.Features)), h.Right));
    }));

    private static IEnumerable<CalibrationCase> Largest(IReadOnlyList<CalibrationCase> cases)
    {
        int largest = cases.Max(c => c.Images);
        return cases.Where(c => c.Images == largest && !c.BankLacks);
    }

    private static double Share(CalibrationCase[] cases, Func<CalibrationCase, bool> counts) =>
        cases.Length == 0 ? double.NaN : cases.Count(counts) / (double)cases.Length;

    private CalibrationFit Fit(CalibrationCase asked) => half.Contains(asked.Scene) ? second : first;
}
