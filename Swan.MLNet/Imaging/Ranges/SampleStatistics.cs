namespace Swan.MLNet.Imaging;

/// <summary>Finds two percentiles of the data in some bands of a TIFF, all bands together.</summary>
internal static class SampleStatistics
{
    // An overview with that many pixels gives a percentile of half a percent to a few thousandths of a percent.
    private const long EnoughPixels = 1 << 20;

    // A file could have many that break off near their ends.
    private const int MaxDamaged = 2;

    /// <summary>Bytes that are held meanwhile, beside a reader's and a mask's.</summary>
    public const long Bytes = 3L << 19;

    /// <summary>
    /// Measures the smallest overview with enough pixels, and with a mask if the image has one. If it is damaged, it measures the next
    /// larger one; after two, or without any, the image.
    /// </summary>
    /// <param name="data">The picture.</param>
    /// <param name="percentiles">The requested percentiles.</param>
    /// <returns>The two samples, as <see cref="Measure(TiffImage, int[], SampleFilter, SampleRange)"/> gives them, and whose.</returns>
    /// <exception cref="SwanImageException">The image is damaged.</exception>
    public static ((double Low, double High)? Samples, TiffImage Source) Measure(TiffData data, SampleRange percentiles)
    {
        TiffFile file = data.File;
        int damaged = 0;
        foreach (TiffImage overview in file.Overviews.Reverse())
        {
            if (damaged == MaxDamaged) break;
            if ((long)overview.Fields.Width * overview.Fields.Height < EnoughPixels) continue;
            if (file.Mask is not null && file.MaskOf(overview) is null) continue;
            try
            {
                return (Measure(overview, data.Bands.Taken, data.Filter(overview), percentiles), overview);
            }
            catch (SwanImageException)
            {
                // As far as known, the picture itself is complete.
                damaged++;
            }
        }
        return (Measure(file.Image, data.Bands.Taken, data.Filter(file.Image), percentiles), file.Image);
    }

    /// <summary>Reads the image once, or twice where samples have 32 bits.</summary>
    /// <param name="image">The image or an overview of it.</param>
    /// <param name="bands">From 0.</param>
    /// <param name="filter">Which samples are data.</param>
    /// <param name="percentiles">The requested percentiles.</param>
    /// <returns>
    /// The two samples, where they are the same the lowest and the highest one; null without any data.
    /// </returns>
    public static (double Low, double High)? Measure(TiffImage image, int[] bands, SampleFilter filter, SampleRange percentiles)
    {
        TiffSampleType type = image.Fields.SampleType;
        var histogram = new SampleHistogram(SampleKeys.Bits(type), percentiles.Low, percentiles.High);
        Read(histogram.Add);
        if (histogram.Count == 0) return null;
        if (histogram.NeedsSecondPass)
        {
            histogram.BeginRefining();
            Read(histogram.Refine);
        }

        (uint low, uint high) = histogram.Percentiles();
        // Most of the picture is one value: its few others decide.
        if (low == high) (low, high) = (histogram.Least, histogram.Most);
        return (SampleKeys.Sample(type, low), SampleKeys.Sample(type, high));

        void Read(TakeKeys take)
        {
            uint[] keys = [];
            image.Read(new PixelWindow(0, 0, image.Fields.Width, image.Fields.Height), bands, (x, y, _, row) =>
            {
                if (keys.Length < row.Count) keys = new uint[row.Count];
                SampleKeys.Write(row, keys);
                take(keys.AsSpan(0, filter.Keep(keys.AsSpan(0, row.Count), x, y)));
            });
        }
    }

    private delegate void TakeKeys(ReadOnlySpan<uint> keys);
}
