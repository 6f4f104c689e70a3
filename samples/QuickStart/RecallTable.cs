using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;

namespace QuickStart;

/// <summary>A measured number beside what guessing would give, both in percent.</summary>
internal sealed record Measure(string Name, double Value, double Chance);

/// <summary>The recalls that mR is the mean of, beside what random rankings would score.</summary>
internal static class RecallTable
{
    public static Measure[] Compute(RetrievalMetrics metrics, CaptionedImageSet set)
    {
        DirectionMetrics t = metrics.TextToImage, i = metrics.ImageToText;
        Measure[] recalls =
        [
            new("text → image, R@1", t.RecallAt1, TextToImage(set, 1)), new("text → image, R@5", t.RecallAt5, TextToImage(set, 5)),
            new("text → image, R@10", t.RecallAt10, TextToImage(set, 10)),
            new("image → text, R@1", i.RecallAt1, ImageToText(set, 1)), new("image → text, R@5", i.RecallAt5, ImageToText(set, 5)),
            new("image → text, R@10", i.RecallAt10, ImageToText(set, 10)),
        ];
        return [.. recalls, new("mR, the mean", metrics.MeanRecall, recalls.Average(r => r.Chance))];
    }

    /// <summary>The chance that at least one of an image's captions is among the first K of all captions.</summary>
    private static double ImageToText(CaptionedImageSet set, int k) => 100 * set.Images.Average(image =>
    {
        double missed = 1;
        for (int drawn = 0; drawn < k && missed > 0; drawn++)
            missed *= Math.Max(0, (double)(set.Captions.Count - image.Captions.Count - drawn) / (set.Captions.Count - drawn));
        return 1 - missed;
    });

    /// <summary>The chance that a caption's image is among the first K of all images.</summary>
    private static double TextToImage(CaptionedImageSet set, int k) => 100.0 * Math.Min(k, set.Images.Count) / set.Images.Count;
}
