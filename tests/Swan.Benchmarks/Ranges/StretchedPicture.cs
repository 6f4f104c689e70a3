using Swan.MLNet.Imaging;

namespace Swan.Benchmarks.Ranges;

/// <summary>An 8-bit picture stretched as deep ones are, by sorting: what a deep file of it should embed like.</summary>
internal static class StretchedPicture
{
    /// <param name="image">The picture.</param>
    /// <param name="percentiles">Which levels become black and white; one pair for all bands.</param>
    /// <param name="sensor">Says which columns have no data.</param>
    public static RgbImage Make(RgbImage image, SampleRange percentiles, Sensor sensor)
    {
        int border = sensor.BorderOf(image);
        byte[] sorted = [.. image.Pixels.Where((_, i) => i / 3 % image.Width >= border).Order()];
        double low = At(percentiles.Low), high = At(percentiles.High);
        if (low == high) (low, high) = (sorted[0], sorted[^1]);
        byte[] pixels = new byte[image.Pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            if (i / 3 % image.Width < border) continue;
            pixels[i] = (byte)Math.Clamp(Math.Round((image.Pixels[i] - low) * 255 / Math.Max(high - low, 1)), 0, 255);
        }
        return new RgbImage(image.Width, image.Height, pixels);

        byte At(double percentile) => sorted[(int)Math.Clamp(Math.Ceiling(sorted.Length * percentile / 100), 1, sorted.Length) - 1];
    }
}
