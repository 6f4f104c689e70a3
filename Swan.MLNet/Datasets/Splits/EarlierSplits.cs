namespace Swan.MLNet.Datasets;

/// <summary>The splits of Swan 0.1, for runs that it began: a resumed run must not validate on its training images.</summary>
/// <remarks>They round each scene separately, so small scenes can empty a side, and use a generator that .NET may change.</remarks>
internal static class EarlierSplits
{
    /// <summary>The positions of the validation images.</summary>
    public static IEnumerable<int> Validation(CaptionedImageSet set, SplitKind kind, double share, int seed)
    {
        IEnumerable<int[]> groups = kind == SplitKind.EarlierRandom
            ? [[.. Enumerable.Range(0, set.Images.Count)]]
            : Enumerable.Range(0, set.Images.Count)
                .GroupBy(i => set.Scenes[i] ?? "", StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => g.ToArray());
        var random = new Random(seed);
        foreach (int[] group in groups)
        {
            random.Shuffle(group);
            foreach (int image in group.Take((int)Math.Round(group.Length * share))) yield return image;
        }
    }
}
