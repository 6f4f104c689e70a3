using Swan.MLNet.Calibration;
using static System.FormattableString;

namespace Swan.Training.Evaluation;

/// <summary>Checks two fits, each on the scenes that it does not know.</summary>
/// <remarks>For a scene that neither knows, both count half.</remarks>
/// <param name="half">The scenes of the first half.</param>
/// <param name="first">Fitted on the first half.</param>
/// <param name="other">The scenes of the other half.</param>
/// <param name="second">Fitted on the other half.</param>
internal sealed class CalibrationCheck(
    IReadOnlySet<string> half, CalibrationFit first, IReadOnlySet<string> other, CalibrationFit second)
{
    private readonly CalibrationFit[] _both = [first, second], _first = [first], _second = [second];

    /// <summary>Whether a fit knows a scene.</summary>
    public bool Knows(string scene) => half.Contains(scene) || other.Contains(scene);

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
                Share(inVain, c => Answers(Fits(c), c.Features)), Share(right, c => 1 - Answers(Fits(c), c.Features)), notKnown);
        }
    }

    /// <summary>The row of queries that nothing answers.</summary>
    /// <param name="name">Of the queries.</param>
    /// <param name="features">Of each answer.</param>
    /// <param name="images">Images in the gallery.</param>
    /// <param name="notKnown">The share of texts that are not known.</param>
    public SwanCalibrationRow InVain(string name, IReadOnlyList<double[]> features, int images, double notKnown) => new(
        name, images, features.Count, features.Average(f => Answers(_both, f)), double.NaN, notKnown);

    /// <summary>Reliability of whole answers over the largest gallery, of cases whose scenes are known.</summary>
    public SwanReliabilityBin[] Any(IReadOnlyList<CalibrationCase> cases) =>
        SwanCalibrationReport.Bins(Largest(cases).Select(c => (Fits(c)[0].Any.Probability(c.Features), c.Right)));

    /// <summary>Reliability of the hits of the same answers.</summary>
    public SwanReliabilityBin[] Hits(IReadOnlyList<CalibrationCase> cases) => SwanCalibrationReport.Bins(Largest(cases).SelectMany(c =>
    {
        CalibrationFit fit = Fits(c)[0];
        double any = fit.Any.Probability(c.Features);
        return c.Hits(any).Select(h => (Math.Min(any, fit.Hit.Probability(h.Features)), h.Right));
    }));

    private static IEnumerable<CalibrationCase> Largest(IReadOnlyList<CalibrationCase> cases)
    {
        int largest = cases.Max(c => c.Images);
        return cases.Where(c => c.Images == largest && !c.BankLacks);
    }

    private static double Share(CalibrationCase[] cases, Func<CalibrationCase, double> counts) =>
        cases.Length == 0 ? double.NaN : cases.Average(counts);

    // By the share of the fits.
    private static double Answers(CalibrationFit[] fits, double[] features) =>
        fits.Count(fit => fit.Answers(features)) / (double)fits.Length;

    private CalibrationFit[] Fits(CalibrationCase asked) =>
        half.Contains(asked.Scene) ? _second : other.Contains(asked.Scene) ? _first : _both;
}
