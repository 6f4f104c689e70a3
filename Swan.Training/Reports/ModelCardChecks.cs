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
}
