using CsCheck;
using Swan.MLNet.Encoders;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Encoders;

public sealed class CaptionRunsTests
{
    [Fact]
    public void Each_caption_is_in_one_run_and_no_run_exceeds_its_bounds() =>
        Gen.Select(Gen.Int[1, 60].Array[0, 80], Gen.Int[1, 40], Gen.Int[1, 300]).Sample((lengths, mostRows, mostTokens) =>
        {
            List<int[]> runs = CaptionRuns.Divide(Captions(lengths), mostRows, mostTokens);

            Assert.Equal(Enumerable.Range(0, lengths.Length), runs.SelectMany(run => run).Order());
            Assert.All(runs, run =>
            {
                Assert.InRange(run.Length, 1, mostRows);
                Assert.True(run.Length == 1 || run.Length * run.Max(i => lengths[i]) <= mostTokens);
            });
        });

    [Fact]
    public void Captions_that_fit_are_one_run_in_their_order() =>
        Assert.Equal([[0, 1, 2]], CaptionRuns.Divide(Captions(9, 3, 5), mostRows: 3, mostTokens: 27));

    [Fact]
    public void One_long_caption_does_not_make_the_short_ones_long() =>
        Assert.Equal([[0, 2, 3, 4], [1]], CaptionRuns.Divide(Captions(3, 60, 3, 3, 3), mostRows: 8, mostTokens: 64));

    [Fact]
    public void Each_processor_gets_captions_but_no_run_of_few_tokens()
    {
        TokenizedCaption[] many = Captions([.. Enumerable.Repeat(10, 100)]), few = Captions([.. Enumerable.Repeat(10, 12)]);
        Assert.Equal(2, CaptionRuns.Divide(many, 100, 1024, atOnce: 2).Count);
        Assert.InRange(CaptionRuns.Divide(many, 100, 1024, atOnce: 8).Count, 7, 9);
        Assert.Single(CaptionRuns.Divide(few, 100, 1024, atOnce: 8));
    }

    private static TokenizedCaption[] Captions(params int[] lengths) => [.. lengths.Select(n => new TokenizedCaption(new int[n], false))];
}
