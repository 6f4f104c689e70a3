using CsCheck;
using Swan.MLNet.Datasets;

namespace Swan.MLNet.Tests.Datasets;

public sealed class SplitsTests
{
    private static readonly Gen<CaptionedImageSet> Set = Gen.Int[0, 4].Array[0, 120].Select(scenes => new CaptionedImageSet(
        [.. scenes.Select((s, i) => Image(s == 0 ? $"{i:D5}.png" : $"scene{s}_{i}.png"))], "all"));

    [Fact]
    public void A_split_parts_the_images_without_loss_or_overlap_and_keeps_their_order() =>
        Gen.Select(Set, Gen.Double[0.01, 0.99], Gen.Int, Gen.Bool).Sample((set, share, seed, stratified) =>
        {
            (CaptionedImageSet train, CaptionedImageSet validation) = stratified
                ? Splits.Stratified(set, share, seed)
                : Splits.Random(set, share, seed);
            Assert.Equal(
                set.Images.Select(i => i.FileName).Order(), train.Images.Concat(validation.Images).Select(i => i.FileName).Order());
            foreach (CaptionedImageSet part in new[] { train, validation })
            {
                int[] positions = [.. part.Images.Select(i => set.Images.ToList().IndexOf(i))];
                Assert.Equal(positions.Order(), positions);
            }
        });

    [Fact]
    public void A_random_split_has_the_share_of_all_images() => Gen.Select(Set, Gen.Double[0.01, 0.99]).Sample((set, share) =>
        Assert.Equal((int)Math.Round(set.Images.Count * share), Splits.Random(set, share).Validation.Images.Count));

    [Fact]
    public void A_stratified_split_has_the_share_of_each_scene() =>
        Gen.Select(Set, Gen.Double[0.01, 0.99], Gen.Int).Sample((set, share, seed) =>
        {
            CaptionedImageSet validation = Splits.Stratified(set, share, seed).Validation;
            foreach (string? scene in set.Scenes.Distinct())
                Assert.Equal((int)Math.Round(set.Scenes.Count(s => s == scene) * share), validation.Scenes.Count(s => s == scene));
        });

    [Fact]
    public void The_same_seed_gives_the_same_split_and_another_one_another()
    {
        CaptionedImageSet set = Numbered(100);
        Assert.Equal(Names(Splits.Random(set, seed: 3).Validation), Names(Splits.Random(set, seed: 3).Validation));
        Assert.NotEqual(Names(Splits.Random(set, seed: 3).Validation), Names(Splits.Random(set, seed: 4).Validation));
        // on every machine: .NET keeps the sequence of a seeded Random
        Assert.Equal(["12", "14", "15", "16"], Names(Splits.Random(Numbered(20), seed: 0).Validation));
    }

    [Fact]
    public void Repeated_splits_use_the_seeds_that_follow()
    {
        CaptionedImageSet set = Numbered(50);
        string[][] folds = [.. Splits.Repeated(set, 3, stratified: false, seed: 7).Select(f => Names(f.Validation))];
        Assert.Equal([Names(Splits.Random(set, seed: 7).Validation), Names(Splits.Random(set, seed: 8).Validation),
            Names(Splits.Random(set, seed: 9).Validation)], folds);
        Assert.Equal(Names(Splits.Stratified(set, seed: 7).Validation),
            Names(Splits.Repeated(set, 1, stratified: true, seed: 7).Single().Validation));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(-0.1), InlineData(double.NaN)]
    public void A_share_outside_zero_and_one_is_refused_at_once(double share)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Splits.Random(Numbered(5), share));
        Assert.Throws<ArgumentOutOfRangeException>(() => Splits.Stratified(Numbered(5), share));
        Assert.Throws<ArgumentOutOfRangeException>(() => { Splits.Repeated(Numbered(5), 2, stratified: true, share); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { Splits.Repeated(Numbered(5), 0, stratified: true); });
    }

    [Theory]
    [InlineData("airport_1.jpg", "airport")]
    [InlineData("dense_residential_2.jpg", "dense")]
    [InlineData("folder/river_1.jpg", "river")]
    [InlineData("00001.jpg", null)]
    [InlineData("7_airport.jpg", null)]
    [InlineData("_1.jpg", null)]
    [InlineData("river.jpg", null)]
    [InlineData("", null)]
    public void The_scene_is_the_name_up_to_the_first_underscore(string name, string? scene) =>
        Assert.Equal(scene, CaptionedImage.SceneOf(name));

    [Fact]
    public void A_set_does_not_change_with_the_list_it_was_made_from()
    {
        var list = new List<CaptionedImage> { Image("river_1.png") };
        var set = new CaptionedImageSet(list);
        list.Clear();
        Assert.Single(set.Images);
    }

    private static CaptionedImageSet Numbered(int count) => new([.. Enumerable.Range(0, count).Select(i => Image($"{i}"))]);

    private static string[] Names(CaptionedImageSet set) => [.. set.Images.Select(i => i.FileName)];

    private static CaptionedImage Image(string name) => new(name, name, CaptionedImage.SceneOf(name), ["a"]);
}
