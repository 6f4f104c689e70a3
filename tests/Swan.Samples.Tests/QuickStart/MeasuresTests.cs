using QuickStart;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;

namespace Swan.Samples.Tests.QuickStart;

public sealed class MeasuresTests
{
    [Fact]
    public void Chance_is_what_random_rankings_score()
    {
        // Uneven captions, and few enough images that K reaches past their number.
        CaptionedImageSet set = Set(1, 2, 5, 5, 3, 1, 4);
        var random = new Random(5);
        const int Rankings = 4000;
        var sums = new double[7];
        for (int i = 0; i < Rankings; i++)
        {
            float[] scores = [.. Enumerable.Range(0, set.Images.Count * set.Captions.Count).Select(_ => random.NextSingle())];
            Measure[] measured = RecallTable.Compute(RetrievalEvaluator.Evaluate(scores, set.Images.Count, [.. set.CaptionImage]), set);
            for (int m = 0; m < sums.Length; m++) sums[m] += measured[m].Value;
        }

        Measure[] expected = RecallTable.Compute(
            RetrievalEvaluator.Evaluate(new float[set.Images.Count * set.Captions.Count], set.Images.Count, [.. set.CaptionImage]), set);
        Assert.All(expected.Zip(sums), pair => Assert.Equal(pair.First.Chance, pair.Second / Rankings, tolerance: 1.0));
    }

    private static CaptionedImageSet Set(params int[] captions) =>
        new([.. captions.Select(
            (count, i) => new CaptionedImage($"{i}.jpg", $"{i}.jpg", null, [.. Enumerable.Range(0, count).Select(c => $"{i} {c}")]))]);
}
