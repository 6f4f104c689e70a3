using CsCheck;
using Swan.MLNet.Data;

namespace Swan.MLNet.Tests.Data;

public sealed class SplitsTests
{
    [Fact]
    public void Every_image_is_on_one_side_in_the_datas_order() =>
        Gen.Select(Gen.Int[2, 60], Gen.Double[0.05, 0.95], Gen.Int).Sample((count, share, seed) =>
        {
            CaptionedImageSet set = Set(count);
            foreach ((CaptionedImageSet train, CaptionedImageSet validation) in (ReadOnlySpan<(CaptionedImageSet, CaptionedImageSet)>)[Splits.Random(set, share, seed), Splits.Stratified(set, share, seed)])
            {
                int[] left = Numbers(train), right = Numbers(validation);
                Assert.Equal(Enumerable.Range(0, count), left.Concat(right).Order());
                Assert.Equal(left.Order(), left);
                Assert.Equal(right.Order(), right);
            }
        }, iter: 50);

    [Fact]
    public void A_stratified_split_takes_the_same_share_of_every_scene()
    {
        CaptionedImageSet set = Set(100); // scenes of 34, 33 and 33 images
        (_, CaptionedImageSet validation) = Splits.Stratified(set, 0.2, seed: 1);
        Assert.All(validation.Scenes.GroupBy(s => s), scene => Assert.Equal(7, scene.Count()));
        Assert.Equal(3, validation.Scenes.Distinct().Count());
    }

    [Fact]
    public void A_seed_decides_the_split_and_repeated_splits_differ()
    {
        CaptionedImageSet set = Set(50);
        Assert.Equal(Numbers(Splits.Random(set, 0.2, 5).Validation), Numbers(Splits.Random(set, 0.2, 5).Validation));
        int[][] folds = [.. Splits.Repeated(set, 4, stratified: false, 0.2, seed: 5).Select(f => Numbers(f.Validation))];
        Assert.Equal(4, folds.Select(f => string.Join(',', f)).Distinct().Count());
        Assert.Equal(Numbers(Splits.Random(set, 0.2, 6).Validation), folds[1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_share_that_leaves_a_side_empty_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Splits.Random(Set(10), share));

    private static CaptionedImageSet Set(int count) => new([.. Enumerable.Range(0, count).Select(i => new CaptionedImage($"{i}", $"{i}", $"scene{i % 3}", ["a"]))]);

    private static int[] Numbers(CaptionedImageSet set) => [.. set.Images.Select(i => int.Parse(i.FileName, System.Globalization.CultureInfo.InvariantCulture))];
}
