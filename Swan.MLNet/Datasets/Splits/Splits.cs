using Swan.MLNet.Numerics;

namespace Swan.MLNet.Datasets;

/// <summary>Divides a set into training and validation.</summary>
/// <remarks>Source: docs/spec/network.md, section 4.</remarks>
public static class Splits
{
    // Above it a product of a whole number and a share counts as whole.
    private const double Rounding = 1e-9;

    /// <summary>Takes a share of the images for validation; each side has at least one image.</summary>
    /// <remarks>
    /// By scene, every scene has its share to within one image; the largest remainders get the images that are left. By group, groups stay
    /// whole, and the number of validation images is within half of the largest group of the requested number. The split depends on the
    /// images' names, the share and the seed, not on the order of the images; both sides keep that order.
    /// </remarks>
    /// <param name="set">The set to divide.</param>
    /// <param name="rule">Which images may be separated.</param>
    /// <param name="validationShare">In (0, 1). The paper's is 0.2.</param>
    /// <param name="seed">The same seed gives the same split, on every machine.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="SwanDataException">There are fewer than two images or groups, or no image's name matches the group's.</exception>
    public static (CaptionedImageSet Train, CaptionedImageSet Validation) Divide(
        CaptionedImageSet set, SplitRule rule, double validationShare = 0.2, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(rule);
        if (validationShare is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(validationShare), validationShare,
                "The validation share must be between 0 and 1.");
        }
        HashSet<int> validation = [.. rule.Kind switch
        {
            SplitKind.EarlierRandom or SplitKind.EarlierScene => EarlierSplits.Validation(set, rule.Kind, validationShare, seed),
            SplitKind.Group => Whole(Groups(set, Named(set, rule), seed), validationShare),
            SplitKind.Scene => Shares(Groups(set, set.Scenes, seed), validationShare),
            _ => Shares(Groups(set, new string?[set.Images.Count], seed), validationShare),
        }];
        // In the data's order, so a split differs from the whole only in what it leaves out.
        ILookup<bool, int> sides = Enumerable.Range(0, set.Images.Count).ToLookup(validation.Contains);
        return (set.Select(sides[false], $"{set.Name} (train)"), set.Select(sides[true], $"{set.Name} (validation)"));
    }

    // Groups, and the images in each, in random order. Before that they are in the order of their names.
    private static int[][] Groups(CaptionedImageSet set, IReadOnlyList<string?> group, int seed)
    {
        if (set.Images.Count < 2) throw Fault(set, $"it has {Counted.Of(set.Images.Count, "image")}, but both sides of a split need one");
        int[] images = [.. Enumerable.Range(0, set.Images.Count).OrderBy(i => set.Images[i].FileName, StringComparer.Ordinal)];
        int[][] groups = [.. images.GroupBy(i => group[i] ?? "", StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray())];
        var random = new SampleRandom(seed, 0, 0);
        foreach (int[] members in groups) random.Shuffle(members);
        int[] order = [.. Enumerable.Range(0, groups.Length)];
        random.Shuffle(order);
        return [.. order.Select(i => groups[i])];
    }

    // Largest remainders: rounding each group by itself would take nothing of many small ones, or everything.
    private static IEnumerable<int> Shares(int[][] groups, double share)
    {
        int all = groups.Sum(g => g.Length), wanted = Math.Clamp((int)Math.Round(all * share), 1, all - 1);
        int[] taken = [.. groups.Select(g => Math.Max(0, (int)Math.Floor(g.Length * share - Rounding)))];
        foreach (int i in Enumerable.Range(0, groups.Length).OrderByDescending(i => groups[i].Length * share - taken[i])
            .Take(wanted - taken.Sum()))
            taken[i]++;
        return groups.SelectMany((g, i) => g.Take(taken[i]));
    }

    // A group is taken where that brings the sum nearer to what is wanted.
    private static IEnumerable<int> Whole(int[][] groups, double share)
    {
        double wanted = groups.Sum(g => g.Length) * share;
        int sum = 0;
        var taken = new List<int[]>();
        foreach (int[] group in groups)
        {
            if (sum + group.Length / 2.0 >= wanted) continue;
            taken.Add(group);
            sum += group.Length;
        }
        if (taken.Count == 0) taken.Add(groups.MinBy(g => g.Length)!);
        else if (taken.Count == groups.Length) taken.Remove(taken.MinBy(g => g.Length)!);
        return taken.SelectMany(g => g);
    }

    private static string[] Named(CaptionedImageSet set, SplitRule rule)
    {
        string?[] groups = rule.GroupsOf(set);
        if (set.Images.Count > 0 && groups.All(g => g is null))
        {
            throw Fault(set,
                $"no image's name matches '{rule.Pattern}', such as '{set.Images[0].FileName}', so no images belong together");
        }
        // A name that doesn't match is a group of its own, which no match can be called.
        string[] named = [.. groups.Select((g, i) => g is null ? $"\0{set.Images[i].FileName}" : g)];
        if (set.Images.Count > 1 && named.Distinct(StringComparer.Ordinal).Count() < 2)
        {
            throw Fault(set,
                $"'{rule.Pattern}' puts all {set.Images.Count} images in one group, '{named[0]}', which can't be on both sides");
        }
        return named;
    }

    private static SwanDataException Fault(CaptionedImageSet set, string problem) => new([new(set.Name, 0,
        $"{problem}. It can't be divided into training and validation this way. Give a validation set, or divide it another way: "
        + $"{SplitRule.Forms}.")]);
}
