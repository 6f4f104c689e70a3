using CsCheck;
using Swan.MLNet.Numerics;
using Swan.Training.DataLoading;

namespace Swan.Training.Tests.DataLoading;

public sealed class PaperAugmentationTests
{
    private const int Size = 64, Working = 70; // 64 · 278 / 256, rounded
    private static readonly TrainingAugmentation Paper = TrainingAugmentation.Create(AugmentationKind.Paper, Size);

    [Theory]
    [InlineData(256, 278)]
    [InlineData(224, 243)]
    [InlineData(64, Working)]
    public void Images_are_squashed_to_278_for_256_and_in_proportion(int size, int working) =>
        Assert.Equal((working, size), (TrainingAugmentation.Create(AugmentationKind.Paper, size).WorkingSize,
            TrainingAugmentation.Create(AugmentationKind.Paper, size).ImageSize));

    [Fact]
    public void Every_pixel_is_a_nearest_neighbor_of_a_rotation_by_less_than_a_quarter_turn_and_a_crop_inside_or_black() =>
        Gen.Int.Sample(seed =>
        {
            // What the sample's generator gives: the angle, then the crop's corner.
            var peek = new SampleRandom(seed, 3, 5);
            double radians = peek.NextDouble() * Math.PI / 2;
            int left = peek.NextInt(Working - Size + 1), top = peek.NextInt(Working - Size + 1);
            Assert.InRange(radians, 0, Math.PI / 2);
            Assert.InRange(left, 0, Working - Size);
            Assert.InRange(top, 0, Working - Size);

            byte[] result = Apply(Positions(), new SampleRandom(seed, 3, 5));
            for (int y = 0; y < Size; y++)
            {
                for (int x = 0; x < Size; x++)
                {
                    // Counter-clockwise about the center: this pixel shows what a clockwise turn of its own place leads to.
                    double dx = x + left + 0.5 - Working / 2.0, dy = y + top + 0.5 - Working / 2.0;
                    double sx = Math.Cos(radians) * dx - Math.Sin(radians) * dy + Working / 2.0,
                        sy = Math.Sin(radians) * dx + Math.Cos(radians) * dy + Working / 2.0;
                    bool inside = sx >= 0 && sx < Working && sy >= 0 && sy < Working;
                    int at = (y * Size + x) * 3;
                    byte[] expected = inside ? [(byte)(Math.Floor(sx) + 1), (byte)(Math.Floor(sy) + 1), 200] : [0, 0, 0];
                    Assert.Equal(expected, result.AsSpan(at, 3).ToArray());
                }
            }
        }, iter: 20);

    [Fact]
    public void Angles_and_crops_spread_over_their_whole_ranges()
    {
        byte[] source = Positions();
        var directions = new HashSet<int>();
        var corners = new HashSet<(int, int)>();
        for (int index = 0; index < 2000; index++)
        {
            byte[] result = Apply(source, new SampleRandom(0, 0, index));
            // Rightwards in the result leads right and down in the source, by the angle.
            int a = (Size / 2 * Size + Size / 2 - 15) * 3, b = a + 30 * 3;
            double angle = Math.Atan2(result[b + 1] - result[a + 1], result[b] - result[a]) * 180 / Math.PI;
            Assert.InRange(angle, -3, 93); // whole pixels over 30: ±3°
            directions.Add((int)(Math.Clamp(angle, 0, 89.9) / 10));
            var random = new SampleRandom(0, 0, index);
            _ = random.NextDouble();
            corners.Add((random.NextInt(Working - Size + 1), random.NextInt(Working - Size + 1)));
        }

        Assert.Equal(9, directions.Count);
        Assert.Equal(49, corners.Count);
    }

    [Fact]
    public void A_rotation_leaves_black_corners()
    {
        byte[] white = new byte[Working * Working * 3];
        Array.Fill(white, (byte)255);
        int black = 0, images = 100;
        for (int index = 0; index < images; index++)
        {
            byte[] result = Apply(white, new SampleRandom(0, 0, index));
            Assert.All(result, b => Assert.True(b is 0 or 255)); // nearest neighbor: nothing in between
            black += result.Count(b => b == 0);
        }

        Assert.InRange((double)black / (images * Size * Size * 3), 0.02, 0.2);
    }

    [Fact]
    public void Spans_of_another_length_are_refused()
    {
        var random = new SampleRandom(0, 0, 0);
        Assert.Throws<ArgumentException>(() => { var r = random; Paper.Apply(new byte[10], new byte[Size * Size * 3], ref r); });
        Assert.Throws<ArgumentException>(() => { var r = random; Paper.Apply(new byte[Working * Working * 3], new byte[10], ref r); });
    }

    /// <summary>Red and green tell a pixel's column and row, from 1; black is no pixel's color.</summary>
    private static byte[] Positions()
    {
        var pixels = new byte[Working * Working * 3];
        for (int i = 0; i < Working * Working; i++)
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = ((byte)(i % Working + 1), (byte)(i / Working + 1), 200);
        return pixels;
    }

    private static byte[] Apply(byte[] source, SampleRandom random)
    {
        var result = new byte[Size * Size * 3];
        Array.Fill(result, (byte)77); // whatever a pooled buffer holds
        Paper.Apply(source, result, ref random);
        return result;
    }
}
