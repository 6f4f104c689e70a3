using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.Training.Export;
using Swan.Training.Network;
using static System.FormattableString;

namespace Swan.Training.Reports;

/// <summary>
/// The model that is measured in place of one that has learned from its validation images (<see
/// cref="SwanTrainerOptions.TrainOnValidation"/>): the same recipe and the same form of file, but trained without them.
/// </summary>
internal static class HeldOutModel
{
    private const string NotGiven = "not given";

    // How often a run is measured or saved, and on what it runs, is no part of a recipe, nor is chance; the vocabulary's size follows
    // from the captions.
    private static readonly HashSet<string> NoPartOfTheRecipe =
    [
        .. new[]
        {
            nameof(SwanTrainerOptions.TrainOnValidation), nameof(SwanTrainerOptions.Seed), nameof(SwanTrainerOptions.Device),
            nameof(SwanTrainerOptions.Threads), nameof(SwanTrainerOptions.ValidateEvery),
            nameof(SwanTrainerOptions.ValidateBy),
            nameof(SwanTrainerOptions.CheckpointMinutes), nameof(SwanTrainerOptions.CacheMegabytes),
        }.Select(SwanTrainerOptionsJson.NameOf),
        "network.vocabularyRows",
    ];

    // Every option's name in a card.
    private static readonly string[] Recipe =
    [
        .. typeof(SwanTrainerOptions).GetProperties().Select(p => SwanTrainerOptionsJson.NameOf(p.Name))
            .Concat(typeof(SwanNetworkOptions).GetProperties().Select(p => "network." + SwanTrainerOptionsJson.NameOf(p.Name)))
            .Except(NoPartOfTheRecipe).Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads the metrics that a card shows for a model that learned from its validation images: the held-out model's, named as
    /// such.</summary>
    /// <param name="path">The held-out model's file.</param>
    /// <param name="run">The run that learned from its validation images.</param>
    /// <exception cref="SwanMismatchException">See <see cref="Validate"/>.</exception>
    public static IReadOnlyList<CardMetric> Metrics(string path, SwanRun run)
    {
        SwanModelFile file = SwanModelFile.Read(path);
        ModelCard heldOut = file.Card;
        Validate(heldOut, path, run, RunData.Read(run), file.LearnedImages);
        return [.. heldOut.Metrics.Select(m =>
            m with { Data = $"{m.Data}, of the held-out model {heldOut.Identity!.Fingerprint[..16]}, which was trained without them" })];
    }

    /// <summary>Refuses a model of another recipe, one that held other images back, and one that learned from them.</summary>
    /// <param name="heldOut">The held-out model's card.</param>
    /// <param name="path">Its path, for the message.</param>
    /// <param name="run">The run.</param>
    /// <param name="data">The run's sets.</param>
    /// <param name="learned">What the model says that it has learned from; null where it doesn't.</param>
    /// <exception cref="SwanMismatchException">The run holds images back or has none to hold back, or the two differ; all differences are
    /// named.</exception>
    public static void Validate(ModelCard heldOut, string path, SwanRun run, RunData data, ImageIdentitySet? learned = null)
    {
        if (!run.Options.TrainOnValidation)
        {
            throw new SwanMismatchException(
                $"The run in '{run.Folder}' held its validation images back, so its own model can be measured on them. "
                + "Leave out --held-out-model.");
        }
        if (data.Validation is not { } held)
        {
            throw new SwanMismatchException(
                $"The run in '{run.Folder}' had no validation set, so no model can have been measured on it. Leave out --held-out-model.");
        }

        List<string> faults = [];
        if (heldOut.Training.Count == 0) faults.Add("it doesn't say how it was trained");
        else if (heldOut.TrainedWith(nameof(SwanTrainerOptions.TrainOnValidation)) == "true")
            faults.Add("it was also trained on its validation images");
        else
        {
            faults.AddRange(Differences(EarlierOptionNames.ToPresent(heldOut.Training), run.Describe()));
            string measured = SwanExporter.ValidationSet(held.Images, held.Captions);
            if (heldOut.Metrics.FirstOrDefault(m => m.Name == SwanExporter.MeanRecall) is not { } mean
                || !mean.Data.StartsWith(measured, StringComparison.Ordinal))
                faults.Add(Invariant($"its mR was not measured on {measured}"));
            if (learned is not null && RunImages.Read(run.Folder)?.Validation is { } heldBack
                && learned.IntersectWith(heldBack) is var known && LearnedImageChecks.AreTooMany(known, heldBack.Count, learned.Count))
                faults.Add(Invariant($"it was trained on {known.Count:N0} of the run's {heldBack.Count:N0} validation images ({known})"));
        }

        if (faults.Count > 0)
        {
            throw new SwanMismatchException(
                $"'{path}' can't be the held-out model of the run in '{run.Folder}': {string.Join("; ", faults)}. "
                + "Give a model trained with the same recipe but without --train-on-validation.");
        }
    }

    /// <summary>Refuses a file of another form than the model's, which is measured with other rounding, pixels or vocabulary.</summary>
    /// <exception cref="SwanMismatchException">The forms differ.</exception>
    public static void ValidateForm(ModelCard heldOut, string path, ModelCard model)
    {
        static string Form(ModelCard card)
        {
            string weights = JsonEnumNames.For(card.Weights?.Precision ?? SwanWeightPrecision.Float32);
            string words = card.TrainedVocabularySize is null ? "all" : Invariant($"{card.Text.VocabularySize}");
            string querybank = card.Querybank is { } bank ? Invariant($"a querybank at {bank.Temperature}") : "no querybank";
            return $"arithmetic in {JsonEnumNames.For(card.Compute)}, weights in {weights}, images decoded {Decoding(card.Image.Decode)}, "
                + $"{words} words and {querybank}";
        }

        static string Decoding(ImageDecode decode) => decode == ImageDecode.Full ? "in full" : JsonEnumNames.For(decode);

        string its = Form(heldOut), expected = Form(model);
        if (its != expected)
        {
            throw new SwanMismatchException(
                $"'{path}' has {its}, but the model has {expected}. Export the held-out model in the same form, and normalize both or "
                + "neither ('swan normalize').");
        }
    }

    // An option that one of them doesn't have is newer than it, and had its default, or was left out.
    private static IEnumerable<string> Differences(IReadOnlyDictionary<string, string> heldOut, IReadOnlyDictionary<string, string> run)
    {
        IReadOnlyDictionary<string, string> defaults = new SwanTrainerOptions().Describe();
        string Value(IReadOnlyDictionary<string, string> options, string name) =>
            options.GetValueOrDefault(name) ?? defaults.GetValueOrDefault(name) ?? NotGiven;
        return Recipe.Where(name => !Same(Value(heldOut, name), Value(run, name)))
            .Select(name => $"its {name} is {Value(heldOut, name)} and the run's {Value(run, name)}");
    }

    // Cards of earlier versions name files of weights without the beginning of their hash: 'a.safetensors', now 'a.safetensors (12ab34cd)'.
    private static bool Same(string heldOut, string run) =>
        heldOut == run || (heldOut.EndsWith(')') != run.EndsWith(')') && WithoutHash(heldOut) == WithoutHash(run));

    private static string WithoutHash(string file) =>
        file.EndsWith(')') && file.LastIndexOf(" (", StringComparison.Ordinal) is >= 0 and int hash ? file[..hash] : file;
}
