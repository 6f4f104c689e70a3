using Swan.MLNet.Numerics;
using Swan.Training.DataLoading;

namespace Swan.Training.Tests.DataLoading;

public sealed class NadirAugmentationTests
{
    private const int Size = 64, Working = 72, Samples = 4000;
    private static readonly TrainingAugmentation Nadir = TrainingAugmentation.Create(AugmentationKind.Nadir, Size);

    [Fact]
    public void All_eight_symmetries_of_the_square_are_equally_likely()
    {
        // Red rises to the right, green downward: the corners' order tells how the image lies.
        var source = new byte[Working * Working * 3];
        for (int i = 0; i < Working * Working; i++)
            (source[3 * i], source[3 * i + 1]) = ((byte)(80 + i % Working), (byte)(80 + i / Working));
        var counts = new Dictionary<string, int>();
        for (int index = 0; index < Samples; index++)
        {
            byte[] result = Apply(source, index);
            int topLeft = 0, topRight = (Size - 1) * 3, bottomLeft = (Size - 1) * Size * 3;
            string key = $"{Math.Sign(result[topRight] - result[topLeft])}{Math.Sign(result[bottomLeft] - result[topLeft])}"
                + $"{Math.Sign(result[topRight + 1] - result[topLeft + 1])}{Math.Sign(result[bottomLeft + 1] - result[topLeft + 1])}";
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(8, counts.Count);
        Assert.All(counts.Values, c => Assert.InRange(c, Samples / 8 * 0.8, Samples / 8 * 1.2));
    }

    [Fact]
    public void The_smallest_crop_can_be_chosen_and_must_be_a_share()
    {
        var source = new byte[Working * Working * 3];
        for (int i = 0; i < Working * Working; i++)
            (source[3 * i], source[3 * i + 1]) = ((byte)(20 + 2 * (i % Working)), (byte)(20 + 2 * (i / Working)));
        TrainingAugmentation close = TrainingAugmentation.Create(AugmentationKind.Nadir, Size, minCrop: 0.2);
        double smallest = Enumerable.Range(0, 500).Min(i => { byte[] r = Apply(close, source, i); return Range(r, 0) * Range(r, 1); })
            / (4.0 * Working * Working);
        Assert.InRange(smallest, 0.08, 0.3); // 0.2 of the area, times the contrast's and brightness's square
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingAugmentation.Create(AugmentationKind.Nadir, Size, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingAugmentation.Create(AugmentationKind.Nadir, Size, 1.1));
    }

    [Fact]
    public void Crops_hold_60_to_100_percent_of_the_area_at_an_aspect_between_4_5_and_5_4()
    {
        var source = new byte[Working * Working * 3];
        for (int i = 0; i < Working * Working; i++)
            (source[3 * i], source[3 * i + 1]) = ((byte)(20 + 2 * (i % Working)), (byte)(20 + 2 * (i / Working)));
        double smallest = 1, largest = 0, narrowest = 1, widest = 1;
        for (int index = 0; index < Samples; index++)
        {
            byte[] result = Apply(source, index);
            // Contrast and brightness scale both axes alike, so the aspect is exact and the area within their product.
            double red = Range(result, 0), green = Range(result, 1);
            (narrowest, widest) = (Math.Min(narrowest, red / green), Math.Max(widest, red / green));
            double area = red * green / Math.Pow(2.0 * (Size - 1) / Size * Working, 2);
            (smallest, largest) = (Math.Min(smallest, area), Math.Max(largest, area));
        }

        Assert.InRange(narrowest, 0.75, 0.9);
        Assert.InRange(widest, 1.1, 1.34);
        Assert.InRange(smallest, 0.6 * 0.64 * 0.64 * 0.95, 0.5);
        Assert.InRange(largest, 1.2, 1.44 * 1.44 * 1.05);
    }

    [Fact]
    public void Light_changes_by_at_most_a_fifth_each_way_and_evenly()
    {
        var source = new byte[Working * Working * 3];
        Array.Fill(source, (byte)150);
        var levels = new List<int>();
        for (int index = 0; index < Samples; index++)
        {
            byte[] result = Apply(source, index);
            Assert.All(result, b => Assert.Equal(result[0], b)); // a flat image stays flat: no corner is black
            levels.Add(result[0]);
        }

        // ×[0.8, 1.2], then the distance from mid-gray ×[0.8, 1.2]
        Assert.InRange(levels.Min(), (int)(127.5 - 1.2 * 7.5) - 1, 122);
        Assert.InRange(levels.Max(), 185, (int)(127.5 + 1.2 * 52.5) + 1);
        Assert.InRange(levels.Average(), 148, 152);
    }

    [Fact]
    public void Without_augmentation_the_image_is_what_serving_sees()
    {
        TrainingAugmentation none = TrainingAugmentation.Create(AugmentationKind.None, Size);
        byte[] source = new byte[Size * Size * 3], result = new byte[source.Length];
        new Random(1).NextBytes(source);
        var random = new SampleRandom(0, 0, 0);
        none.Apply(source, result, ref random);
        Assert.Equal(Size, none.WorkingSize);
        Assert.Equal(source, result);
    }

    private static byte[] Apply(byte[] source, int index) => Apply(Nadir, source, index);

    private static byte[] Apply(TrainingAugmentation augmentation, byte[] source, int index)
    {
        var result = new byte[Size * Size * 3];
        var random = new SampleRandom(1, 0, index);
        augmentation.Apply(source, result, ref random);
        return result;
    }

    private static double Range(byte[] pixels, int channel)
    {
        int low = 255, high = 0;
        for (int i = channel; i < pixels.Length; i += 3) (low, high) = (Math.Min(low, pixels[i]), Math.Max(high, pixels[i]));
        return high - low;
    }
}
