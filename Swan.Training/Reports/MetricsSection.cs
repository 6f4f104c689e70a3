using Swan.MLNet.Evaluation;
using Swan.MLNet.Transforms;
using static System.FormattableString;

namespace Swan.Training.Reports;

/// <summary>The sections of a card about what was measured.</summary>
internal static class MetricsSection
{
    private const int Confusions = 5;

    /// <summary>Recalls of every set, and the queries.</summary>
    public static string Metrics(ModelCardContent facts)
    {
        string table = MarkdownTable.Format(["", .. facts.Sets.Select(s => $"`{s.Name}`")],
        [
            Row("images and captions", m => Invariant($"{m.Images:N0} and {m.Captions:N0}")),
            Row("**mR**", m => $"**{Recall(m.MeanRecall, m.Interval)}**"),
            .. Direction("image → text", m => m.ImageToText),
            .. Direction("text → image", m => m.TextToImage),
            Row("scene recall@1 / 5 / 10, image → text",
                m => m.SceneRecall is { } s ? Shares(s.ImageToTextAt1, s.ImageToTextAt5, s.ImageToTextAt10) : "no scenes"),
            Row("scene recall@1 / 5 / 10, text → image",
                m => m.SceneRecall is { } s ? Shares(s.TextToImageAt1, s.TextToImageAt5, s.TextToImageAt10) : "no scenes"),
        ]);
        string sets = string.Concat(facts.Sets.Select(s => $"- `{s.Name}`: {s.Relation}.\n"));
        string text = $"{table}\nRecalls in percent, scene recall as a share. In brackets the 95 % bootstrap interval over query images, "
            + $"in the same gallery: it is not the spread of other seeds.\n\n{sets}";
        if (facts.HeldOut is { } heldOut)
        {
            text = $"The model has learned from `{facts.Data.Validation!.Name}`, too. **Every figure of this section is of a held-out "
                + $"model** `{heldOut.File}` (fingerprint `{heldOut.Fingerprint[..16]}`), "
                + $"which was trained by the same recipe without it.\n\n{text}";
        }
        return facts.Queries is not { } q ? text : text
            + Invariant($"\n{q.PrecisionAt10:F3} of the first 10 images of `{facts.Sets[0].Name}` are of a right scene, ")
            + Invariant($"mean over the {q.Count:N0} queries of `{q.File}`.");

        IReadOnlyList<string> Row(string name, Func<RetrievalMetrics, string> cell) => [name, .. facts.Sets.Select(s => cell(s.Metrics))];

        IEnumerable<IReadOnlyList<string>> Direction(string name, Func<RetrievalMetrics, DirectionMetrics> of) =>
        [
            Row($"{name} R@1", m => Recall(of(m).RecallAt1, of(m).Intervals?.At1)),
            Row($"{name} R@5", m => Recall(of(m).RecallAt5, of(m).Intervals?.At5)),
            Row($"{name} R@10", m => Recall(of(m).RecallAt10, of(m).Intervals?.At10)),
            Row($"{name}, median and mean rank", m => Invariant($"{of(m).MedianRank:F0} and {of(m).MeanRank:F1}")),
        ];
    }

    /// <summary>What it takes for what.</summary>
    public static string Scenes(ModelCardContent facts)
    {
        if (facts.Scenes is not { } scenes) return "";
        string set = facts.Sets[0].Name;
        string Name(string scene) => scenes.Names[scenes.Confusion.Scenes.ToList().IndexOf(scene)];
        string prompts = string.Join(", ", SwanZeroShotOptions.DefaultPromptTemplates.Select(p => $"\"{p}\""));
        string whose = facts.HeldOut is { } heldOut ? $"All of this section is of the held-out model `{heldOut.File}`, too.\n\n" : "";
        string zeroShot = scenes.ZeroShot is not { } measured ? ""
            : "By words alone, without examples (`SwanZeroShot`, default prompts: "
                + Invariant($"{prompts}), {100 * measured.Accuracy:F1} % of the {measured.Images:N0} images of `{set}` that ")
                + Invariant($"have one of {scenes.Names.Count} scenes are put into it, ")
                + Invariant($"{100 * measured.MeanOverScenes:F1} % on average over the scenes.\n\n");
        string found = Invariant($"The first image that a caption of `{set}` finds is of its own image's scene for ")
            + Invariant($"{100 * scenes.Confusion.Right:F1} % of the captions.");
        var confusions = scenes.Confusion.MostFrequent(Confusions);
        IEnumerable<string> taken = confusions.Select(c => Invariant(
            $"- {Name(c.Scene)} is taken for {Name(c.Found)} in {100 * c.Share:F0} % of its captions ({c.Count:N0})"));
        string list = confusions.Count == 0 ? "" : $" The most frequent confusions:\n\n{string.Join('\n', taken)}";
        return $"{whose}{zeroShot}{found}{list}\n\n![Which scenes are taken for which]({Uri.EscapeDataString(scenes.Picture)})";
    }

    /// <summary>R@1, R@5 and R@10.</summary>
    public static string Recalls(DirectionMetrics d) => Invariant($"{d.RecallAt1:F2} / {d.RecallAt5:F2} / {d.RecallAt10:F2}");

    private static string Recall(double value, RecallInterval? interval) =>
        interval is { } i ? Invariant($"{value:F2} ({i.Low:F2}–{i.High:F2})") : Invariant($"{value:F2}");

    private static string Shares(double at1, double at5, double at10) => Invariant($"{at1:F3} / {at5:F3} / {at10:F3}");
}
