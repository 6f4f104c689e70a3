using CsCheck;
using Swan.MLNet.Encoders;

namespace Swan.MLNet.Tests.Encoders;

public sealed class EvenRunsTests
{
    [Fact]
    public void Runs_are_of_like_size_and_every_processor_gets_as_many() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Int[1, 300], Gen.Int[1, 64]).Sample((rows, most, atOnce) =>
        {
            EvenRuns runs = EvenRuns.Divide(rows, most, atOnce);
            int[] sizes = [.. Enumerable.Range(0, runs.Count).Select(runs.Size)];

            Assert.Equal(rows, sizes.Sum());
            Assert.InRange(sizes.Min(), 1, most);
            Assert.InRange(sizes.Max(), sizes.Min(), Math.Min(most, sizes.Min() + 1));
            Assert.All(Enumerable.Range(0, runs.Count), run => Assert.Equal(sizes[..run].Sum(), runs.First(run)));
            Assert.True(runs.Count == rows || runs.Count % atOnce == 0);
        });

    [Theory]
    [InlineData(32, 8, 2, new[] { 8, 8, 8, 8 })]
    [InlineData(8, 8, 2, new[] { 4, 4 })]
    [InlineData(2, 8, 2, new[] { 1, 1 })]
    [InlineData(1, 8, 2, new[] { 1 })]
    [InlineData(20, 256, 1, new[] { 20 })] // a GPU
    public void A_batch_is_divided_for_its_processors(int rows, int most, int atOnce, int[] sizes)
    {
        EvenRuns runs = EvenRuns.Divide(rows, most, atOnce);
        Assert.Equal(sizes, Enumerable.Range(0, runs.Count).Select(runs.Size));
    }
}
