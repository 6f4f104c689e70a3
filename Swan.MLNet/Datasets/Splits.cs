namespace Swan.MLNet.Datasets;

/// <summary>Divides a training set into training and validation. Source: spec, section 4.</summary>
public static class Splits
{
    /// <summary>Takes a share of the images at random.</summary>
    /// <param name="set">What to divide.</param>
    /// <param name="validationShare">In (0, 1). The paper's is 0.2.</param>
    /// <param name="seed">The same seed gives the same split, on every machine.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public static (CaptionedImageSet Train, CaptionedImageSet Validation) Random(
        CaptionedImageSet set, double validationShare = 0.2, int seed = 0) =>
        Divide(set, validationShare, [[.. Enumerable.Range(0, Images(set))]], seed);

    /// <summary>Takes the same share of each scene; images without a scene count as one more scene.</summary>
    /// <inheritdoc cref="Random"/>
    public static (CaptionedImageSet Train, CaptionedImageSet Validation) Stratified(
        CaptionedImageSet set, double validationShare = 0.2, int seed = 0) =>
        Divide(set, validationShare, Enumerable.Range(0, Images(set))
            .GroupBy(i => set.Scenes[i] ?? "", StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.ToArray()), seed);

    /// <summary>k repeated splits with the seeds seed, seed + 1, …: the paper reports the mean over them.</summary>
    /// <param name="set">What to divide.</param>
    /// <param name="folds">How many; at least 1.</param>
    /// <param name="stratified">By scene, or at random.</param>
    /// <param name="validationShare">In (0, 1).</param>
    /// <param name="seed">The first split's seed.</param>
    public static IEnumerable<(CaptionedImageSet Train, CaptionedImageSet Validation)> Repeated(
        CaptionedImageSet set, int folds, bool stratified, double validationShare = 0.2, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        CheckShare(validationShare);
        return Enumerable.Range(seed, folds)
            .Select(s => stratified ? Stratified(set, validationShare, s) : Random(set, validationShare, s));
    }

    private static int Images(CaptionedImageSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Images.Count;
    }

    private static void CheckShare(double validationShare)
    {
        if (validationShare is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(validationShare), validationShare,
                "The validation share must be between 0 and 1.");
        }
    }

    private static (CaptionedImageSet, CaptionedImageSet) Divide(CaptionedImageSet set, double share, IEnumerable<int[]> groups, int seed)
    {
        CheckShare(share);
        var random = new Random(seed);
        var train = new List<int>();
        var validation = new List<int>();
        foreach (int[] group in groups)
        {
            random.Shuffle(group);
            int taken = (int)Math.Round(group.Length * share);
            validation.AddRange(group.Take(taken));
            train.AddRange(group.Skip(taken));
        }

        // Back in the data's order, so that a split differs from the whole only in what it leaves out.
        return (set.Select(train.Order(), $"{set.Name} (train)"), set.Select(validation.Order(), $"{set.Name} (validation)"));
    }
}
