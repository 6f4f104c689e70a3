using Swan.MLNet;
using Swan.MLNet.Imaging;
using static System.FormattableString;

namespace Swan.Training;

/// <summary>Whether the images that measure a run are among those that its weights learn from, themselves or through others.</summary>
internal static class LearnedImageChecks
{
    // Data sets have copies. A validation set that is mostly copies is the training set under another name.
    private const double MaxTrainedShare = 0.5;

    // Other weights may have learned from at most this share of the measured images. The run's own data don't show such an overlap, so the
    // limit is low.
    private const double MaxTaughtShare = 0.01;

    // No false alarm in 46.8 million pairs: with 95 % confidence, at most 3 in as many (the rule of three).
    private const double MaxFalseAlarmsPerPair = 6.4e-8;

    /// <summary>Whether other weights know too many of the images that measure something.</summary>
    /// <remarks>
    /// Identical files are facts. Look-alikes can be chance, and a longer list has more of them. So one alone never counts, and several
    /// count if they are more than the share and chance together.
    /// </remarks>
    /// <param name="known">How many of the images the weights know.</param>
    /// <param name="images">How many images there are.</param>
    /// <param name="listed">How many images the weights have learned from.</param>
    public static bool AreTooMany(ImageOverlap known, int images, int listed)
    {
        double allowed = MaxTaughtShare * images, byChance = MaxFalseAlarmsPerPair * images * listed;
        return known.Identical > allowed || (known.LookAlike > 1 && known.LookAlike > allowed + byChance);
    }

    /// <summary>Compares what a run reads, and says what it finds.</summary>
    /// <param name="split">The run's sets.</param>
    /// <param name="learned">One identity for each image that is learned from, in order.</param>
    /// <param name="measured">One for each image that mR is measured on; null where nothing is.</param>
    /// <param name="sources">Teachers, and the run that the backbone comes from.</param>
    /// <param name="say">Told all counts, once.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    /// <returns>What the run keeps of it.</returns>
    /// <exception cref="SwanTrainingException">More than half of the validation images are training images.</exception>
    /// <exception cref="SwanMismatchException">A source has learned validation images that this run doesn't train on.</exception>
    public static RunImages Check(
        RunSplit split, IReadOnlyList<ImageIdentity> learned, IReadOnlyList<ImageIdentity>? measured,
        IReadOnlyList<LearnedSource> sources, Action<string> say, CancellationToken cancellation)
    {
        SayCopies("training", learned, say, cancellation);
        var own = new ImageIdentitySet(learned);
        if (measured is not null)
        {
            SayCopies("validation", measured, say, cancellation);
            CheckValidation(split, own, measured, say, cancellation);
        }
        foreach (LearnedSource source in sources.Where(s => s.Images is not { IsComplete: true }))
        {
            say($"It is {(source.Images is null ? "" : "partly ")}unknown which images {source.Name} has learned from: they may include "
                + "validation images. The exported model will mark its list of learned images as incomplete.");
        }
        if (measured is not null) CheckSources(split, own, measured, sources, say, cancellation);
        IEnumerable<ImageIdentity>? validation = measured ?? (split.Validation is null ? null : learned.Skip(split.Train.Images.Count));
        return new(own, validation is null ? null : new ImageIdentitySet(validation), Union(sources));
    }

    private static void SayCopies(string what, IReadOnlyList<ImageIdentity> images, Action<string> say, CancellationToken cancellation)
    {
        ImageOverlap copies = ImageCopies.Count(images, cancellation);
        if (copies.Count > 0) say(Invariant($"{copies.Count:N0} of the {images.Count:N0} {what} images are copies of others ({copies})."));
    }

    private static void CheckValidation(
        RunSplit split, ImageIdentitySet own, IReadOnlyList<ImageIdentity> measured, Action<string> say, CancellationToken cancellation)
    {
        ImageOverlap trained = own.IntersectWith(measured, cancellation);
        string found = Invariant($"{trained.Count:N0} of the {measured.Count:N0} validation images are also training images ({trained})");
        if (trained.Count > MaxTrainedShare * measured.Count)
        {
            throw new SwanTrainingException(
                $"{found}; expected at most half of '{split.Measured!.Name}' in '{split.Train.Name}'. mR would measure how well the run "
                + "remembers, and would choose the epoch to keep. Give validation images that are not trained on, or no validation set, to "
                + "hold back a share of the training images. To train on all images on purpose, use "
                + "--train-on-validation.");
        }
        say(found + (trained.Count == 0 ? "." : ", so mR will be too high. Remove them from one of the sets."));
    }

    private static void CheckSources(
        RunSplit split, ImageIdentitySet own, IReadOnlyList<ImageIdentity> measured, IReadOnlyList<LearnedSource> sources,
        Action<string> say, CancellationToken cancellation)
    {
        List<string> faults = [];
        ImageIdentity[] heldBack = [.. measured.Where(i => own.Find(i) == ImageMatch.None)];
        foreach (LearnedSource source in sources)
        {
            if (source.Images is not { } images) continue;
            ImageOverlap known = images.IntersectWith(heldBack, cancellation);
            string found = Invariant($"{source.Name} has learned from {known.Count:N0} of the {measured.Count:N0} validation images ")
                + $"({known})";
            if (AreTooMany(known, measured.Count, images.Count)) faults.Add(found);
            else if (known.Count > 0) say($"{char.ToUpperInvariant(found[0])}{found[1..]}, so mR may be slightly too high.");
        }

        if (faults.Count == 0) return;
        throw new SwanMismatchException(
            $"{string.Join("; ", faults)}, which this run holds back. The run would inherit them, so mR of '{split.Measured!.Name}' would "
            + "say nothing about other images. Give weights that were trained without them, such as a held-out model.");
    }

    private static ImageIdentitySet? Union(IReadOnlyList<LearnedSource> sources)
    {
        if (sources.Count == 0) return null;
        return sources.Select(s => s.Images ?? ImageIdentitySet.Empty.WithUnknownImages()).Aggregate((all, one) => all.Union(one));
    }
}
