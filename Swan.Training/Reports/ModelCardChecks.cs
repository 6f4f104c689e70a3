using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training.Export;
using static System.FormattableString;

namespace Swan.Training.Reports;

/// <summary>Whether what a card is written from belongs together.</summary>
internal static class ModelCardChecks
{
    /// <summary>Refuses a model that was not exported from the run as it is now.</summary>
    /// <param name="card">The model's.</param>
    /// <param name="model">The model's path, for the message.</param>
    /// <param name="run">The run.</param>
    /// <param name="epochs">The run's reports.</param>
    /// <exception cref="SwanMismatchException">Options or the best epoch differ; all differences are named.</exception>
    public static void ValidateExported(ModelCard card, string model, SwanRun run, IReadOnlyList<EpochReport> epochs)
    {
        // Options that only one of them has are those of a newer or older Swan.
        IReadOnlyDictionary<string, string> training = EarlierOptionNames.ToPresent(card.Training);
        List<string> faults = [.. run.Describe()
            .Where(o => training.TryGetValue(o.Key, out string? value) && value != o.Value)
            .Select(o => $"{o.Key} is {training[o.Key]} in the model and {o.Value} in the run")];
        if (card.Training.Count == 0) faults.Add("the model doesn't say how it was trained");
        if (run.Options.TrainOnValidation)
        {
            // Its model may name a held-out model's mR; what tells its exports apart is how far it had come.
            string learned = Invariant($"{epochs.Count}"), had = card.Training.GetValueOrDefault(SwanExporter.EpochsLearned) ?? "unknown";
            if (had != learned) faults.Add($"the model has learned {had} epochs and the run {learned}");
        }
        else
        {
            double? exported = card.Metrics.FirstOrDefault(m => m.Name == SwanExporter.MeanRecall)?.Value,
                best = epochs.LastOrDefault(e => e.Best)?.Validation?.MeanRecall;
            if (exported != best)
            {
                faults.Add(
                    Invariant($"the best mR is {exported?.ToString("F2", System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"} ")
                    + "in the model and "
                    + Invariant($"{best?.ToString("F2", System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"} in the run"));
            }
        }

        if (faults.Count > 0)
        {
            throw new SwanMismatchException(
                $"'{model}' is not an export of the run in '{run.Folder}': {string.Join("; ", faults)}. "
                + "Give the run that it was exported from, or export it again ('swan export').");
        }
    }

    /// <summary>Refuses a model that was normalized against images that it is measured on.</summary>
    /// <param name="card">The measured model's.</param>
    /// <param name="model">Its path, for the message.</param>
    /// <param name="measured">The sets.</param>
    /// <exception cref="SwanMismatchException">One of them is the bank's.</exception>
    public static void ValidateBank(ModelCard card, string model, IEnumerable<CaptionedImageSet> measured)
    {
        if (card.Querybank is { } bank && measured.FirstOrDefault(set => RunData.Describe(set).Sha256 == bank.Sha256) is { } same)
        {
            throw new SwanMismatchException(
                $"'{model}' was normalized against the images of '{bank.Data}', and '{same.Name}', which it is to be measured on, "
                + "is the same set: its figures would say nothing about other images. Normalize it against training images ('swan "
                + "normalize'), or measure it on others.");
        }
    }

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
            : validation
                || sha256 == learned.Train.Sha256 ? "what the model was trained on, so these figures say nothing about other images"
            : validationToo ? "not a set of the run; make sure that it has none of their images, all of which were learned"
            : "not a set of the run";
        if (beside is null) return relation;
        HashSet<string> names = [.. beside.Images.Select(i => i.FileName)];
        return relation
            + Invariant($"; {set.Images.Count(i => names.Contains(i.FileName)):N0} of its {set.Images.Count:N0} ")
            + Invariant($"images are in `{beside.Name}` too");
    }
}
