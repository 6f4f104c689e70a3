using Swan.MLNet.Numerics;

namespace Swan.MLNet.Tests.Numerics;

public sealed class SampleRandomTests
{
    [Fact]
    public void Each_seed_epoch_and_index_has_a_sequence_of_its_own_that_never_changes()
    {
        var seen = new HashSet<ulong>();
        foreach (int seed in (int[])[-1, 0, 1])
        {
            for (int epoch = 0; epoch < 20; epoch++)
            {
                for (long index = -20; index < 20; index++)
                {
                    SampleRandom first = new(seed, epoch, index), second = new(seed, epoch, index);
                    ulong value = first.NextUInt64();
                    Assert.Equal(value, second.NextUInt64());
                    Assert.True(seen.Add(value));
                }
            }
        }

        // A change of the algorithm would change every run that is resumed after an update.
        var fixedPoint = new SampleRandom(7, 3, 11);
        Assert.Equal([6062231721734373131UL, 2023590964958534897UL], new[] { fixedPoint.NextUInt64(), fixedPoint.NextUInt64() });
    }

    [Fact]
    public void Numbers_are_uniform_and_within_their_limits()
    {
        var random = new SampleRandom(0, 0, 0);
        var counts = new int[10];
        double sum = 0;
        for (int i = 0; i < 100_000; i++)
        {
            counts[random.NextInt(10)]++;
            double value = random.NextDouble(2, 4);
            Assert.InRange(value, 2, 4 - 1e-12);
            sum += value;
        }

        Assert.All(counts, c => Assert.InRange(c, 9_600, 10_400));
        Assert.Equal(3, sum / 100_000, tolerance: 0.02);
        Assert.Throws<ArgumentOutOfRangeException>(() => { var r = new SampleRandom(0, 0, 0); r.NextInt(0); });
    }

    [Fact]
    public void A_shuffle_makes_every_order_equally_often()
    {
        var counts = new Dictionary<string, int>();
        for (int i = 0; i < 24_000; i++)
        {
            int[] items = [0, 1, 2, 3];
            new SampleRandom(0, 0, i).Shuffle(items);
            string order = string.Concat(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, c => Assert.InRange(c, 850, 1150));
    }
}
