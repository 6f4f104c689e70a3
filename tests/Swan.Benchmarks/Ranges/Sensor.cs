using Swan.MLNet.Imaging;

namespace Swan.Benchmarks.Ranges;

/// <summary>
/// How an 8-bit picture becomes one of a satellite's: an offset and a gain, a few hot and dead pixels, and perhaps a border without data.
/// </summary>
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

    /// <summary>
    /// Those that choose the default. The second one's scenes are darker, and three of a thousand pixels are glints as bright as the sensor
    /// goes: roofs, water and clouds do that.
    /// </summary>
    public static IReadOnlyList<Sensor> Choosing { get; } = [All[1], new("11 bits, glints", 11, 120, 2.5) { Glints = 0.003 }];

    /// <summary>The share of the pixels that are as bright as the sensor goes.</summary>
    public double Glints { get; init; }

    /// <summary>1 unsigned, 2 signed, 3 float.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The share of the columns at the left that have no data.</summary>
    public double Border { get; init; }

    /// <summary>The picture as the sensor's TIFF, in 16 bits where it has fewer.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="seed">Of the hot and dead pixels.</param>
    public byte[] Write(RgbImage image, int seed)
    {
        double most = Format == 3 ? 1.5 : Format == 2 ? short.MaxValue : Math.Pow(2, Bits) - 1;
        int border = BorderOf(image);
        bool?[] faults = Faults(image, seed);
        return DeepFile.Write(image.Width, image.Height, Math.Max(16, Bits), Format, (x, i) =>
        {
            double value = Offset + Gain * image.Pixels[i];
            double sample = x < border ? 0 : faults[i] is { } hot ? (hot ? most : 0) : value;
            return Format == 3 ? sample : Math.Round(sample);
        });
    }

    /// <summary>The sample that stands for no data; null without a border.</summary>
    public double? NoData => Border > 0 ? 0 : null;

    /// <summary>The 8-bit picture with the sensor's faults.</summary>
    public RgbImage WithFaults(RgbImage image, int seed)
    {
        bool?[] faults = Faults(image, seed);
        return new RgbImage(image.Width, image.Height,
            [.. image.Pixels.Select((p, i) => faults[i] is { } hot ? hot ? byte.MaxValue : byte.MinValue : p)]);
    }

    // True for a hot sample or a glint, false for a dead one.
    private bool?[] Faults(RgbImage image, int seed)
    {
        var random = new Random(seed);
        var faults = new bool?[image.Pixels.Length];
        for (int i = 0; i < faults.Length; i++)
        {
            int odd = random.Next(HotOneIn);
            if (odd < 2) faults[i] ??= odd == 1;
            if (i % 3 == 0 && random.NextDouble() < Glints) faults[i] = faults[i + 1] = faults[i + 2] = true;
        }
        return faults;
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
