using Swan.MLNet;
using static System.FormattableString;

namespace Swan.Training.Evaluation;

/// <summary>How a model is calibrated, see <see cref="SwanCalibrator"/>.</summary>
public sealed record SwanCalibrationOptions
{
    internal const int MinBank = 20, MaxBank = 65_536;

    /// <summary>How many images' embeddings the model file gets, drawn at random: 20 to 65,536 (default 1,500).</summary>
    /// <remarks>All where there are fewer, and fewer where the file has no room for them.</remarks>
    public int BankImages { get; init; } = 1500;

    /// <summary>The share of the queries without a right image that the default limit answers, in (0, 0.5].</summary>
    /// <remarks>
    /// Default 0.045: on scenes that the fit does not know, it is a little above as often as below, and stays under 0.05.
    /// </remarks>
    public double AnsweredWithoutRight { get; init; } = 0.045;

    /// <summary>Seed of the bank, the halves and the galleries (default 0).</summary>
    public int Seed { get; init; }

    /// <summary>Where the model runs meanwhile (default <see cref="SwanDevice.Auto"/>).</summary>
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
