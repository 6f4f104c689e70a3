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
        string text = $"{table}\nRecalls are percentages; scene recalls are shares. Brackets hold 95 % bootstrap intervals over the query "
            + $"images, in the same gallery. They do not cover the variation between seeds.\n\n{sets}";
        if (facts.HeldOut is { } heldOut)
        {
            text = $"The model was also trained on `{facts.Data.Validation!.Name}`. **Every figure in this section belongs to a held-out "
                + $"model**, `{heldOut.File}` (fingerprint `{heldOut.Fingerprint[..16]}`), "
                + $"trained with the same recipe but without that set.\n\n{text}";
        }
        return facts.Queries is not { } q ? text : text
            + Invariant($"\nScene precision@10 of the {q.Count:N0} queries of `{q.File}`, in `{facts.Sets[0].Name}`: ")
            + Invariant($"{q.PrecisionAt10:F3}. It is the mean share of images of a right scene among a query's first ten.");

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
        string whose = facts.HeldOut is { } heldOut
            ? $"Every figure in this section also belongs to the held-out model `{heldOut.File}`.\n\n"
            : "";
        string zeroShot = scenes.ZeroShot is not { } measured ? ""
            : "Zero-shot classification (`SwanZeroShot` with its default prompts "
                + Invariant($"{prompts}) labels {100 * measured.Accuracy:F1} % of the {measured.Images:N0} images of `{set}` ")
                + Invariant($"that have a scene correctly, among {scenes.Names.Count} scenes. ")
                + Invariant($"The mean over the scenes is {100 * measured.MeanOverScenes:F1} %.\n\n");
        string found = Invariant($"For {100 * scenes.Confusion.Right:F1} % of the captions of `{set}`, the first image found shows the ")
            + "scene of the caption's own image.";
        var confusions = scenes.Confusion.MostFrequent(Confusions);
        IEnumerable<string> taken = confusions.Select(c => Invariant(
            $"- {Name(c.Scene)}: {100 * c.Share:F0} % of its captions ({c.Count:N0}) find {Name(c.Found)} first"));
        string list = confusions.Count == 0 ? "" : $" The most frequent confusions:\n\n{string.Join('\n', taken)}";
        return $"{whose}{zeroShot}{found}{list}\n\n![Confusion of scenes]({Uri.EscapeDataString(scenes.Picture)})";
    }

    /// <summary>R@1, R@5 and R@10.</summary>
    public static string Recalls(DirectionMetrics d) => Invariant($"{d.RecallAt1:F2} / {d.RecallAt5:F2} / {d.RecallAt10:F2}");

    private static string Recall(double value, RecallInterval? interval) =>
        interval is { } i ? Invariant($"{value:F2} ({i.Low:F2}–{i.High:F2})") : Invariant($"{value:F2}");

    private static string Shares(double at1, double at5, double at10) => Invariant($"{at1:F3} / {at5:F3} / {at10:F3}");
}
