using Swan.MLNet;
using Swan.MLNet.Data;
using Swan.MLNet.Models;
using static System.FormattableString;

namespace Swan.Training.Cards;

/// <summary>Whether what a card is written from belongs together.</summary>
internal static class CardSource
{
    /// <summary>Refuses a model that was not exported from the run as it is now.</summary>
    /// <param name="card">The model's.</param>
    /// <param name="model">The model's path, for the message.</param>
    /// <param name="run">The run.</param>
    /// <param name="epochs">The run's reports.</param>
    /// <exception cref="SwanFormatException">Options or the best epoch differ; all differences are named.</exception>
    public static void RequireExported(ModelCard card, string model, SwanRun run, IReadOnlyList<EpochReport> epochs)
    {
        // Options that only one of them has are those of a newer or older Swan.
        List<string> faults = [.. run.Options.Describe().Where(o => card.Training.TryGetValue(o.Key, out string? value) && value != o.Value).Select(o => $"{o.Key} is {card.Training[o.Key]} in the model and {o.Value} in the run")];
        if (card.Training.Count == 0) faults.Add("the model doesn't say how it was trained");
        double? exported = card.Metrics.FirstOrDefault(m => m.Name == "mR")?.Value, best = epochs.LastOrDefault(e => e.Best)?.Validation?.MeanRecall;
        if (exported != best) faults.Add(Invariant($"the best mR is {exported?.ToString("F2", System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"} in the model and {best?.ToString("F2", System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"} in the run"));
        if (faults.Count > 0)
            throw new SwanFormatException($"'{model}' is not an export of the run in '{run.Folder}': {string.Join("; ", faults)}. Give the run that it was exported from, or export it again ('swan export').");
    }

    /// <summary>Refuses a twin that is no model of the run's recipe, or has itself learned from the validation images.</summary>
    /// <param name="twin">The twin's card.</param>
    /// <param name="path">Its path, for the message.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="SwanFormatException">The run holds images back, so it needs no twin, or options differ; all differences are named.</exception>
    public static void RequireTwin(ModelCard twin, string path, SwanRun run)
    {
        if (!run.Options.LearnValidation) throw new SwanFormatException($"The run in '{run.Folder}' has held its validation images back, so it can be measured on them itself: leave --twin out.");
        const string learns = "learnValidation";
        List<string> faults = [];
        if (twin.Training.Count == 0) faults.Add("it doesn't say how it was trained");
        if (twin.Training.GetValueOrDefault(learns) == "true") faults.Add("it has learned from its validation images, too");
        faults.AddRange(run.Options.Describe().Where(o => o.Key != learns && !OfNoMoment.Contains(o.Key) && twin.Training.TryGetValue(o.Key, out string? value) && value != o.Value)
            .Select(o => $"its {o.Key} is {twin.Training[o.Key]} and the run's {o.Value}"));
        if (faults.Count > 0)
            throw new SwanFormatException($"'{path}' can't stand for the model of the run in '{run.Folder}': {string.Join("; ", faults)}. Give a model by the same recipe that was trained without learnValidation.");
    }

    // How often a run is measured or saved, and on what it runs, is no part of the recipe; nor is the seed.
    private static readonly HashSet<string> OfNoMoment = ["seed", "device", "threads", "patience", "validateEvery", "checkpointMinutes", "cacheMegabytes", "validationShare", "stratifiedSplit"];

    /// <summary>What a set has to do with the run, and with the set that stands beside it.</summary>
    /// <param name="set">What is measured.</param>
    /// <param name="learned">The run's sets.</param>
    /// <param name="validationToo">Whether the measured model has learned from the validation set, too.</param>
    /// <param name="beside">The card's first set; null for itself.</param>
    public static string Relation(CaptionedImageSet set, RunData learned, bool validationToo, CaptionedImageSet? beside)
    {
        string sha256 = RunData.Describe(set).Sha256;
        bool validation = sha256 == learned.Validation?.Sha256;
        string relation = validation && !validationToo ? "what the best epoch was chosen on, so these figures are a little optimistic"
            : validation || sha256 == learned.Train.Sha256 ? "what the model was trained on, so these figures say nothing about other images"
            : "not a set of the run";
        if (beside is null) return relation;
        HashSet<string> names = [.. beside.Images.Select(i => i.FileName)];
        return relation + Invariant($"; {set.Images.Count(i => names.Contains(i.FileName)):N0} of its {set.Images.Count:N0} images are in `{beside.Name}` too");
    }
}
