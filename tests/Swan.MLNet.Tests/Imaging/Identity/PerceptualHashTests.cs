using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging.Identity;

public sealed class PerceptualHashTests
{
    [Theory]
    [InlineData(224, 224)]
    [InlineData(61, 200)]
    [InlineData(32, 32)]
    [InlineData(9, 500)]
    [InlineData(5, 3)] // smaller than the grid that it is averaged to
    public void Each_bit_is_the_sign_of_a_low_frequency_as_defined(int width, int height)
    {
        RgbImage picture = Picture(width, height, seed: 3);
        double[] expected = Frequencies(picture);

        ulong hash = PerceptualHash.Compute(picture);

        for (int bit = 0; bit < 64; bit++)
        {
            // A frequency of a thousandth of a gray level may fall on either side.
            if (Math.Abs(expected[bit]) < 1e-3) continue;
            Assert.True((hash >> bit & 1) == (expected[bit] > 0 ? 1u : 0u), $"bit {bit}, frequency {expected[bit]}");
        }
    }

    [Fact]
    public void A_picture_has_the_same_hash_on_every_machine()
    {
        const int Width = 50, Height = 40;
        byte[] pixels =
            [.. Enumerable.Range(0, Width * Height * 3).Select(i => (byte)(i / 3 % Width * (i / 150) * 7 % 251 ^ i * 31 % 127))];

        Assert.Equal("883FE794D50C0440", $"{PerceptualHash.Compute(new RgbImage(Width, Height, pixels)):X16}");
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(255, 255, 255)]
    [InlineData(13, 90, 7)]
    public void A_picture_of_one_color_has_no_hash_and_looks_like_none(byte red, byte green, byte blue)
    {
        ulong hash = PerceptualHash.Compute(Plain(70, 51, red, green, blue));

        Assert.Equal(PerceptualHash.None, hash);
        Assert.False(PerceptualHash.LookAlike(hash, hash));
    }

    [Fact]
    public void A_gradient_too_faint_for_its_frequencies_has_no_hash()
    {
        RgbImage picture = Plain(64, 64, 100, 100, 100);
        for (int i = picture.Pixels.Length / 2; i < picture.Pixels.Length; i++) picture.Pixels[i] = 101;

        Assert.Equal(PerceptualHash.None, PerceptualHash.Compute(picture));
    }

    [Fact]
    public void Brighter_and_stronger_copies_have_the_same_hash()
    {
        RgbImage picture = Picture(60, 60, seed: 5);
        var changed = new RgbImage(60, 60, [.. picture.Pixels.Select(p => (byte)(p / 2 + 100))]);

        Assert.InRange(PerceptualHash.Distance(PerceptualHash.Compute(picture), PerceptualHash.Compute(changed)), 0, 2);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    [InlineData(64, false)]
    public void Pictures_look_alike_up_to_seven_bits(int bits, bool alike)
    {
        const ulong Hash = 0x0123_4567_89AB_CDEF;
        ulong other = bits == 64 ? ~Hash : Hash ^ ((1UL << bits) - 1);

        Assert.Equal(bits, PerceptualHash.Distance(Hash, other));
        Assert.Equal(alike, PerceptualHash.LookAlike(Hash, other));
    }

    // A sum of a few waves and noise, so that all frequencies are there.
    private static RgbImage Picture(int width, int height, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i / 3 % width, y = i / 3 / width;
            pixels[i] = (byte)(128 + 40 * Math.Sin(0.11 * x + 0.05 * y * (i % 3)) + 30 * Math.Cos(0.07 * y) + random.Next(-30, 31));
        }

        return new(width, height, pixels);
    }

    private static RgbImage Plain(int width, int height, params byte[] color) =>
        new(width, height, [.. Enumerable.Repeat(color, width * height).SelectMany(c => c)]);

    // The definition in floating point: luma, area averages over 32×32 cells, DCT-II, frequencies by their distance from the mean.
    private static double[] Frequencies(RgbImage picture)
    {
        const int N = 32;
        var cells = new double[N * N];
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                int at = (y * picture.Width + x) * 3;
                double luma = (77 * picture.Pixels[at] + 150 * picture.Pixels[at + 1] + 29 * picture.Pixels[at + 2]) / 256.0;
                for (int cell = 0; cell < N * N; cell++)
                    cells[cell] += luma * Shared(y, picture.Height, cell / N) * Shared(x, picture.Width, cell % N);
            }
        }

        (int V, int U)[] order =
        [
            .. (from v in Enumerable.Range(0, N) from u in Enumerable.Range(0, N) orderby v * v + u * u, v select (v, u)).Skip(1).Take(64),
        ];
        return Array.ConvertAll(order, f => cells.Select((value, i) => value * Wave(f.V, i / N) * Wave(f.U, i % N)).Sum() / (N * N / 4.0));

        static double Wave(int frequency, int cell) => Math.Cos(Math.PI * frequency * (2 * cell + 1) / (2 * N));

        // The share of a cell that a pixel covers.
        static double Shared(int pixel, int pixels, int cell) => Math.Max(0,
            Math.Min((pixel + 1.0) * N / pixels, cell + 1) - Math.Max((double)pixel * N / pixels, cell));
    }
}
