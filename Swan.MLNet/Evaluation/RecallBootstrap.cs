namespace Swan.MLNet.Evaluation;

/// <summary>
/// Draws images with replacement, each with its captions, and takes percentiles of the recalls of such sets. The same ranks give the same
/// intervals, in whatever order they come.
/// </summary>
internal static class RecallBootstrap
{
    private const int Resamples = 1000;
    private const double Tail = 0.025;

    /// <summary>The intervals of mR and of both directions' recalls, all over the same draws.</summary>
    /// <param name="imageRanks">Each image's 0-based rank of its best caption.</param>
    /// <param name="captionRanks">Each caption's 0-based rank of its image.</param>
    /// <param name="captionImage">Each caption's image.</param>
    public static (RecallInterval Mean, RecallIntervals ImageToText, RecallIntervals TextToImage) Intervals(
        ReadOnlySpan<int> imageRanks, ReadOnlySpan<int> captionRanks, ReadOnlySpan<int> captionImage)
    {
        // Whole numbers add up to the same in any order, and sorted they are drawn alike in any order.
        var images = new (int Hits, int CaptionHits, int Captions, int CaptionsAt1, int CaptionsAt5)[imageRanks.Length];
        for (int i = 0; i < images.Length; i++) images[i].Hits = Hits(imageRanks[i]);
        for (int c = 0; c < captionRanks.Length; c++)
        {
            ref (int Hits, int CaptionHits, int Captions, int CaptionsAt1, int CaptionsAt5) image = ref images[captionImage[c]];
            image.CaptionHits += Hits(captionRanks[c]);
            image.Captions++;
            image.CaptionsAt1 += captionRanks[c] < 1 ? 1 : 0;
            image.CaptionsAt5 += captionRanks[c] < 5 ? 1 : 0;
        }

        Array.Sort(images);
        var random = new Random(0);
        double[] means = new double[Resamples];
        double[][] recalls = [.. Enumerable.Range(0, 6).Select(_ => new double[Resamples])];
        for (int r = 0; r < Resamples; r++)
        {
            long hits = 0, at1 = 0, at5 = 0, captionHits = 0, captions = 0, captionsAt1 = 0, captionsAt5 = 0;
            for (int i = 0; i < images.Length; i++)
            {
                (int h, int c, int count, int c1, int c5) = images[random.Next(images.Length)];
                hits += h;
                at1 += h >= 3 ? 1 : 0;
                at5 += h >= 2 ? 1 : 0;
                captionHits += c;
                captions += count;
                captionsAt1 += c1;
                captionsAt5 += c5;
            }

            means[r] = 100.0 / 6 * ((double)hits / images.Length + (double)captionHits / captions);
            long[] counts = [at1, at5, hits - at1 - at5, captionsAt1, captionsAt5, captionHits - captionsAt1 - captionsAt5];
            for (int k = 0; k < counts.Length; k++) recalls[k][r] = 100.0 * counts[k] / (k < 3 ? images.Length : captions);
        }

        RecallInterval[] intervals = Array.ConvertAll(recalls, Interval);
        return (Interval(means), new(intervals[0], intervals[1], intervals[2]), new(intervals[3], intervals[4], intervals[5]));
    }

    /// <summary>In how many of its direction's three recalls a query counts.</summary>
    private static int Hits(int rank) => (rank < 1 ? 1 : 0) + (rank < 5 ? 1 : 0) + (rank < 10 ? 1 : 0);

    private static RecallInterval Interval(double[] values)
    {
        Array.Sort(values);
        return new(Quantile(values, Tail), Quantile(values, 1 - Tail));
    }

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + (at - below) * (above - sorted[below]);
    }
}
