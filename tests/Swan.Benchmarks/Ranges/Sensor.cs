using Swan.MLNet.Imaging;
using Swan.Testing;

namespace Swan.Benchmarks.Ranges;

/// <summary>How an 8-bit picture becomes one of a satellite's: an offset and a gain, a few hot and dead pixels, and perhaps a border without
/// data.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Bits">Bits of a sample.</param>
/// <param name="Offset">The sample of black.</param>
/// <param name="Gain">Samples a level.</param>
internal sealed record Sensor(string Name, int Bits, double Offset, double Gain)
{
    // One sample in 5,000 is the highest that the type has, one in 5,000 is 0.
    private const int HotOneIn = 5_000;

    /// <summary>Spans that such sensors deliver; the whole range is used by none.</summary>
    public static IReadOnlyList<Sensor> All { get; } =
    [
        new("10 bits", 10, 60, 2.4),
        new("11 bits", 11, 120, 5.5),
        new("12 bits", 12, 250, 11),
        new("14 bits", 14, 1_000, 30),
        new("16 bits", 16, 5_000, 180),
        new("16 bits, signed", 16, -2_000, 25) { Format = 2 },
        new("32 bits", 32, 100_000, 3_000),
        new("float", 32, 0.02, 0.0016) { Format = 3 },
        new("11 bits, border", 11, 120, 5.5) { Border = 0.15 },
    ];

    /// <summary>The one that chooses the default.</summary>
    public static Sensor ElevenBits => All[1];

    /// <summary>1 unsigned, 2 signed, 3 float.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The share of the columns at the left that have no data.</summary>
    public double Border { get; init; }

    /// <summary>The picture as the sensor's TIFF, in 16 bits where it has fewer.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="seed">Of the hot and dead pixels.</param>
    public byte[] Write(RgbImage image, int seed)
    {
        var random = new Random(seed);
        double most = Format == 3 ? 1.5 : Format == 2 ? short.MaxValue : Math.Pow(2, Bits) - 1;
        int border = BorderOf(image);
        return new WrittenTiff(image.Width, image.Height, bands: 3, Math.Max(16, Bits), (x, y, band) =>
        {
            int odd = random.Next(HotOneIn);
            double value = Offset + Gain * image.Pixels[(y * image.Width + x) * 3 + band];
            double sample = x < border || odd == 0 ? 0 : odd == 1 ? most : value;
            return Format == 3 ? sample : Math.Round(sample);
        }) { Format = Format, NoData = Border > 0 ? "0" : null }.Write();
    }

    /// <summary>The columns without data.</summary>
    public int BorderOf(RgbImage image) => (int)(image.Width * Border);

    /// <summary>The picture with the border in black: what a sensor without any fault would have seen.</summary>
    public RgbImage Cut(RgbImage image)
    {
        byte[] pixels = [.. image.Pixels];
        for (int y = 0; y < image.Height; y++) pixels.AsSpan(y * image.Width * 3, BorderOf(image) * 3).Clear();
        return new RgbImage(image.Width, image.Height, pixels);
    }
}
