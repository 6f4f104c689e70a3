using System.Globalization;
using CsCheck;
using Swan.Batch.Runs;

namespace Swan.Batch.Tests.Runs;

public sealed class SizeSampleTests
{
    [Fact]
    public void A_few_large_images_among_many_small_ones_are_sampled_as_what_they_weigh()
    {
        // Three quarters of what there is to do are in one hundredth of the images.
        long[] sizes = [.. Enumerable.Range(0, 20_000).Select(i => i % 100 == 0 ? 30_000_000L + i * 500 : 20_000 + i)];
        Assert.InRange(Estimate(sizes, 256, size => 1 + size / 1e5) / sizes.Sum(size => 1 + size / 1e5), 0.9, 1.1);
    }

    [Fact]
    public void Every_image_is_in_a_stratum_and_every_stratum_has_one() => Gen.Long[0, 1L << 40].Array[1, 300]
        .Select(Gen.Int[1, 50]).Sample((sizes, most) =>
        {
            IReadOnlyList<SizeSample.Stratum> strata = Sample(sizes, most);
            Assert.Equal((sizes.Length, sizes.Sum()), (strata.Sum(s => s.Rows), strata.Sum(s => s.Bytes)));
            Assert.All(strata, s => Assert.InRange(s.Images.Count, 1, most));
            Assert.All(strata, s => Assert.True(s.Images.Max(i => i.Size) <= 2 * s.Images.Min(i => i.Size) + 1));
            Assert.True(strata.Sum(s => s.Images.Count) <= Math.Min(most, sizes.Length / 10 + 1) + 2 * strata.Count);
        });

    [Fact]
    public void Images_that_are_read_in_groups_are_sampled_from_few_of_them_whatever_their_order() => Gen.Int[0, 30].Array[1, 500]
        .Select(Gen.Int[1, 20]).Sample((groups, most) =>
        {
            IReadOnlyList<SizeSample.Stratum> Choose(IEnumerable<(int Group, int Image)> images)
            {
                var sample = new SizeSample(most);
                // Half of the groups have larger images.
                foreach ((int group, int image) in images)
                    sample.Add(new InputLine($"{image}", $"{group}") { Size = group % 2 == 0 ? 1000 : 9000 }, group);
                return sample.Choose();
            }
            int[][] Groups(IReadOnlyList<SizeSample.Stratum> strata) =>
                [.. strata.Select(s => s.Images.Select(i => int.Parse(i.Stamp, CultureInfo.InvariantCulture)).Distinct().ToArray())];
            (int, int)[] images = [.. groups.Select((group, image) => (group, image))];
            IReadOnlyList<SizeSample.Stratum> strata = Choose(images);
            Assert.Equal(groups.Length, strata.Sum(s => s.Rows));
            Assert.All(strata, s => Assert.NotEmpty(s.Images));
            Assert.All(Groups(strata), found => Assert.InRange(found.Length, 1, 2));
            int all = Groups(strata).Concat(Groups(Choose(images.Reverse()))).SelectMany(found => found).Distinct().Count();
            Assert.InRange(all, 1, 4); // the same ones
        }, iter: 200);

    [Fact]
    public void Images_of_unknown_size_are_a_stratum()
    {
        var sample = new SizeSample(10);
        for (int i = 0; i < 50; i++) sample.Add(new InputLine($"{i}", ""));
        SizeSample.Stratum stratum = Assert.Single(sample.Choose());
        Assert.Equal((50, 0), (stratum.Rows, stratum.Bytes));
    }

    [Fact]
    public void A_sample_of_none_is_empty() => Assert.Empty(Sample([1, 2, 3], 0));

    private static double Estimate(long[] sizes, int most, Func<long, double> cost) =>
        Sample(sizes, most).Sum(s => s.Rows * s.Images.Average(i => cost(i.Size!.Value)));

    private static IReadOnlyList<SizeSample.Stratum> Sample(long[] sizes, int most)
    {
        var sample = new SizeSample(most);
        for (int i = 0; i < sizes.Length; i++) sample.Add(new InputLine($"{i}", "") { Size = sizes[i] });
        return sample.Choose();
    }
}
