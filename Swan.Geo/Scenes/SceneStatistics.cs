using Swan.MLNet.Imaging;

namespace Swan.Geo.Scenes;

/// <summary>
/// Finds two percentiles of a scene's data: of all pixels where they are few, else of chunks all over it.
/// </summary>
internal static class SceneStatistics
{
    // They tell a percentile of half a percent to a few thousandths of a percent, if the scene is much the same all over.
    private const long EnoughPixels = 16L << 20;

    /// <summary>Measures.</summary>
    /// <returns>The two samples, null without any data, and the image that they are of.</returns>
    public static ((double Low, double High)? Samples, TiffImage Source) Measure(SceneData data, SampleRange percentiles,
        CancellationToken token)
    {
        TiffImage image = data.Image;
        TiffFields fields = image.Fields;
        var histogram = new SampleHistogram(SampleKeys.Bits(fields.SampleType), percentiles.Low, percentiles.High);
        (int Width, int Height) chunk = (image.Chunk.Width, image.RowsAtATime);
        PixelWindow[] windows = Sample(fields.Width, fields.Height, chunk, EnoughPixels);
        Read((keys, count) => histogram.Add(keys.AsSpan(0, count)));
        if (histogram.Count == 0)
        {
            // What has data may lie between the chunks.
            windows = Sample(fields.Width, fields.Height, chunk, long.MaxValue);
            Read((keys, count) => histogram.Add(keys.AsSpan(0, count)));
        }
        if (histogram.Count == 0) return (null, image);
        if (histogram.NeedsSecondPass)
        {
            histogram.BeginRefining();
            Read((keys, count) => histogram.Refine(keys.AsSpan(0, count)));
        }
        (uint low, uint high) = histogram.Percentiles();
        if (low == high) (low, high) = (histogram.Least, histogram.Most);
        return ((SampleKeys.Sample(fields.SampleType, low), SampleKeys.Sample(fields.SampleType, high)), image);

        void Read(Action<uint[], int> take)
        {
            foreach (PixelWindow window in windows) data.Count(window, take, token);
        }
    }

    /// <summary>Chunks that have enough pixels together, evenly among all in the order in which they lie.</summary>
    internal static PixelWindow[] Sample(int width, int height, (int Width, int Height) chunk, long pixels = EnoughPixels)
    {
        int across = (width + chunk.Width - 1) / chunk.Width, down = (height + chunk.Height - 1) / chunk.Height;
        long chunks = (long)across * down;
        // An even step along rows of chunks could meet the same columns again and again: the golden ratio doesn't.
        long wanted = Math.Min(chunks, pixels / ((long)chunk.Width * chunk.Height) + 1);
        if (wanted == chunks) return [.. Enumerable.Range(0, (int)chunks).Select(Window)];
        long step = Math.Max(1, (long)(chunks * 0.6180339887));
        while (Gcd(step, chunks) != 1) step++;
        return [.. Enumerable.Range(0, (int)wanted).Select(i => i * step % chunks).Order().Select(i => Window((int)i))];

        PixelWindow Window(int i)
        {
            int x = i % across * chunk.Width, y = i / across * chunk.Height;
            return new(x, y, Math.Min(chunk.Width, width - x), Math.Min(chunk.Height, height - y));
        }
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
