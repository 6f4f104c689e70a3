using Swan.MLNet.Imaging;

namespace Swan.Benchmarks.Commands;

/// <summary>What an encoder sees of the same files decoded in full and scaled.</summary>
/// <param name="Full">Bytes of each image.</param>
/// <param name="Scaled">The same, scaled.</param>
internal sealed record ScaledInputs(byte[][] Full, byte[][] Scaled)
{
    /// <summary>Mean difference over all bytes, in levels of 255.</summary>
    public double MeanLevels => Differences.Average(d => d.Mean);

    /// <summary>The largest.</summary>
    public int MostLevels => Differences.Max(d => d.Most);

    private IEnumerable<(double Mean, int Most)> Differences => Full.Zip(Scaled, (full, scaled) =>
    {
        (long sum, int most) = (0, 0);
        for (int i = 0; i < full.Length; i++)
        {
            int difference = Math.Abs(full[i] - scaled[i]);
            (sum, most) = (sum + difference, Math.Max(most, difference));
        }
        return ((double)sum / full.Length, most);
    });

    /// <summary>Makes files and decodes each in both ways.</summary>
    /// <param name="preprocessing">The model's.</param>
    /// <param name="count">Files.</param>
    /// <param name="file">Makes one.</param>
    /// <param name="cancellation">Stops between files.</param>
    public static ScaledInputs Prepare(ImagePreprocessing preprocessing, int count, Func<int, byte[]> file, CancellationToken cancellation)
    {
        var inputs = new ScaledInputs(new byte[count][], new byte[count][]);
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellation }, i =>
        {
            byte[] bytes = file(i);
            inputs.Full[i] = Prepared(bytes, preprocessing with { Decode = ImageDecode.Full });
            inputs.Scaled[i] = Prepared(bytes, preprocessing with { Decode = ImageDecode.Scaled });
        });
        return inputs;
    }

    private static byte[] Prepared(byte[] file, ImagePreprocessing preprocessing)
    {
        byte[] pixels = new byte[preprocessing.ByteCount];
        ImagePreprocessor.Prepare(
            ImageDecoder.Decode(file, "image", new ImageDecodingOptions().For(preprocessing)), preprocessing, pixels);
        return pixels;
    }
}
