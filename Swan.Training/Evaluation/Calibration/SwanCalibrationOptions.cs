using Swan.MLNet;
using static System.FormattableString;

namespace Swan.Training.Evaluation;

/// <summary>Options of a calibration, see <see cref="SwanCalibrator"/>.</summary>
public sealed record SwanCalibrationOptions
{
    internal const int MinBank = 20, MaxBank = 65_536;

    /// <summary>Number of images, drawn at random, whose embeddings the model file stores: 20 to 65,536 (default 1,500).</summary>
    /// <remarks>All images if there are fewer; fewer if the file has no room for them.</remarks>
    public int BankImages { get; init; } = 1500;

    /// <summary>Share of the queries without a right image that the default limit answers, in (0, 0.5].</summary>
    /// <remarks>
    /// Default 0.045. On scenes that the fit does not know, the share is slightly above it as often as below, and stays under 0.05.
    /// </remarks>
    public double AnsweredWithoutRight { get; init; } = 0.045;

    /// <summary>Seed of the bank, the halves and the galleries (default 0).</summary>
    public int Seed { get; init; }

    /// <summary>Device that runs the model during calibration (default <see cref="SwanDevice.Auto"/>).</summary>
    public SwanDevice Device { get; init; } = SwanDevice.Auto;

    /// <summary>Refuses values out of their ranges.</summary>
    /// <param name="bank">What the caller calls <see cref="BankImages"/>.</param>
    /// <param name="answered">What the caller calls <see cref="AnsweredWithoutRight"/>.</param>
    /// <exception cref="SwanOptionsException">Every such value is named.</exception>
    internal void Validate(string bank = nameof(BankImages), string answered = nameof(AnsweredWithoutRight))
    {
        List<string> faults = [];
        if (BankImages is < MinBank or > MaxBank) faults.Add(Invariant($"{bank} is {BankImages}; expected {MinBank} to {MaxBank}"));
        if (!(AnsweredWithoutRight is > 0 and <= 0.5))
            faults.Add(Invariant($"{answered} is {AnsweredWithoutRight}; expected more than 0 and at most 0.5"));
        if (faults.Count > 0) throw new SwanOptionsException($"The calibration options can't be used: {string.Join("; ", faults)}.");
    }
}
