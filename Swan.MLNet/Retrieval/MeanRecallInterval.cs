namespace Swan.MLNet.Retrieval;

/// <summary>How far chance in the choice of the queries moves mR: a bootstrap interval of 95 %.</summary>
/// <remarks>
/// Images are drawn with replacement, each with its captions, as queries; what they are searched among stays the same. So it is the spread of
/// the measurement on one gallery. It is not that of another gallery, nor of training: another seed's model may differ by more.
/// </remarks>
/// <param name="Low">In percent: 2.5 of 100 resampled sets of images have a lower mR.</param>
/// <param name="High">In percent: 2.5 of 100 have a higher one.</param>
public sealed record MeanRecallInterval(double Low, double High)
{
    private const int Resamples = 1000;
    private const double Tail = 0.025;

    /// <summary>Draws images with replacement, each with its captions, and takes the percentiles of the mR of such sets.</summary>
    /// <remarks>The same ranks give the same interval, in whatever order they come.</remarks>
    internal static MeanRecallInterval Bootstrap(ReadOnlySpan<int> imageRanks, ReadOnlySpan<int> captionRanks, ReadOnlySpan<int> captionImage)
    {
        // Whole numbers add up to the same in any order, and sorted they are drawn alike in any order.
        var images = new (int Hits, int CaptionHits, int Captions)[imageRanks.Length];
        for (int i = 0; i < images.Length; i++) images[i].Hits = Hits(imageRanks[i]);
        for (int c = 0; c < captionRanks.Length; c++)
        {
            ref (int Hits, int CaptionHits, int Captions) image = ref images[captionImage[c]];
            image.CaptionHits += Hits(captionRanks[c]);
            image.Captions++;
        }

        Array.Sort(images);
        var random = new Random(0);
        var means = new double[Resamples];
        for (int r = 0; r < Resamples; r++)
        {
            long hits = 0, captionHits = 0, captions = 0;
            for (int i = 0; i < images.Length; i++)
            {
                (int h, int c, int count) = images[random.Next(images.Length)];
                hits += h;
                captionHits += c;
                captions += count;
            }

            means[r] = 100.0 / 6 * ((double)hits / images.Length + (double)captionHits / captions);
        }

        Array.Sort(means);
        return new(Quantile(means, Tail), Quantile(means, 1 - Tail));
    }

    /// <summary>In how many of its direction's three recalls a query counts.</summary>
    private static int Hits(int rank) => (rank < 1 ? 1 : 0) + (rank < 5 ? 1 : 0) + (rank < 10 ? 1 : 0);

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + (at - below) * (above - sorted[below]);
    }
}
