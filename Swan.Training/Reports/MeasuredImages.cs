using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.Training.Evaluation;
using static System.FormattableString;

namespace Swan.Training.Reports;

/// <summary>What the images that a card's figures are of have to do with the measured model and its run.</summary>
/// <param name="model">The measured model's file.</param>
/// <param name="path">Its path, for messages.</param>
/// <param name="run">The run; by an earlier version, it doesn't say which images it learned from.</param>
/// <param name="heldOut">Whether the model was trained without the run's validation images, though the run has learned from them.</param>
internal sealed class MeasuredImages(SwanModelFile model, string path, SwanRun run, bool heldOut)
{
    private const string TrainedOn = "the model was trained on it, so these figures say nothing about other images",
        ChosenOn = "the best epoch was chosen on it, so these figures are slightly optimistic";

    private const string Remedy =
        "its figures would say nothing about other images. Normalize it against training images ('swan normalize'), or measure it on "
        + "another set.";

    private readonly RunData _data = RunData.Read(run);
    private readonly ImageIdentitySet? _runLearned = RunImages.Read(run.Folder)?.All, _validation = RunImages.Read(run.Folder)?.Validation;

    // What is known of the measured model: its own word, or else the run's.
    private ImageIdentitySet? Learned => model.LearnedImages ?? (heldOut ? null : _runLearned);

    /// <summary>
    /// Refuses a model that knows images which it is measured on, other than by its run's training: its querybank was made of them.
    /// </summary>
    /// <exception cref="SwanMismatchException">It knows too many images of a set: <see cref="LearnedImageChecks.AreTooMany"/>.</exception>
    public void ThrowIfNormalizedOn(IEnumerable<IdentifiedSet> measured)
    {
        foreach (IdentifiedSet set in measured)
        {
            if (model.Card.Querybank is { } bank && RunData.Describe(set.Set).Sha256 == bank.Sha256)
            {
                throw new SwanMismatchException(
                    $"'{path}' was normalized against the images of '{bank.Data}', and '{set.Set.Name}', the set to measure, "
                    + $"has the same images: {Remedy}");
            }
            if (model.LearnedImages is not { } known) continue;
            ImageOverlap foreign = known.IntersectWith(set.Images.Where(i => !TrainedByRun(i)));
            if (LearnedImageChecks.AreTooMany(foreign, set.Images.Count, known.Count))
            {
                string how = model.Card.Querybank is { } other ? $" (perhaps from its querybank '{other.Data}')" : "";
                throw new SwanMismatchException(
                    Invariant($"'{path}' knows {foreign.Count:N0} of the {set.Images.Count:N0} images of '{set.Set.Name}' ({foreign}), ")
                    + $"the set to measure, and not from the run's training{how}: {Remedy}");
            }
        }
    }

    /// <summary>What a set has to do with the run, and with the set that stands beside it, as a clause.</summary>
    /// <param name="set">What is measured.</param>
    /// <param name="beside">The card's first set; null for itself.</param>
    public string Relation(IdentifiedSet set, IdentifiedSet? beside)
    {
        string relation = Learned is { } learned ? Known(set, learned) : Unknown(set);
        if (beside is null) return relation;
        ImageOverlap shared = new ImageIdentitySet(beside.Images).IntersectWith(set.Images);
        return relation + (shared.Count == set.Images.Count
            ? Invariant($"; all its images ({set.Images.Count:N0}) are also in `{beside.Set.Name}`")
            : Invariant($"; {shared.Count:N0} of its {set.Images.Count:N0} images are also in `{beside.Set.Name}`"));
    }

    private bool TrainedByRun(ImageIdentity image) => _runLearned is not null && _runLearned.Find(image) != ImageMatch.None
        && !(heldOut && _validation is not null && _validation.Find(image) != ImageMatch.None);

    private string Known(IdentifiedSet set, ImageIdentitySet learned)
    {
        int images = set.Images.Count;
        ImageOverlap trained = learned.IntersectWith(set.Images);
        // The validation images that were learned from chose nothing.
        ImageOverlap chosen = _validation?.IntersectWith(set.Images.Where(i => learned.Find(i) == ImageMatch.None)) ?? default;
        string rest = learned.IsComplete ? "" : "; the model's other training images are unknown";
        if (trained.Count == images || (!learned.IsComplete && ByLines(set) == TrainedOn)) return TrainedOn + rest;
        if (chosen.Count == images) return ChosenOn + rest;
        List<string> parts = [];
        if (trained.Count > 0)
        {
            parts.Add(Invariant($"the model was trained on {trained.Count:N0} of its {images:N0} images ({trained}), so these figures are ")
                + "too high");
        }
        if (chosen.Count > 0) parts.Add(Invariant($"the best epoch was chosen on {chosen.Count:N0} of its {images:N0} images ({chosen})"));
        if (parts.Count > 0) return string.Join("; ", parts) + rest;
        return learned.IsComplete ? "not a set of the run; the model was trained on none of its images"
            : (ByLines(set) ?? "not a set of the run by its lines; none of its images is known as a training image") + rest;
    }

    // Where the images that were learned from are unknown.
    private string Unknown(IdentifiedSet set) => ByLines(set)
        ?? "not a set of the run by its lines; the model file does not list its training images, so some of these may be among them";

    // Lines can be compared where images can't. Null where the run has no set of these lines.
    private string? ByLines(IdentifiedSet set)
    {
        string sha256 = RunData.Describe(set.Set).Sha256;
        if (sha256 == _data.Train.Sha256) return TrainedOn;
        return sha256 != _data.Validation?.Sha256 ? null : run.Options.TrainOnValidation && !heldOut ? TrainedOn : ChosenOn;
    }
}
