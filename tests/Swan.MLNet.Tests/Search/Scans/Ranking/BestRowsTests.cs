using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Scans;

public sealed class BestRowsTests
{
    private const int Rows = 130;

    // Rounding leaves some cosines of opposite vectors below -1.
    private static readonly float[] s_scores = [.. Enumerable.Range(0, Rows).Select(row => row % 3 == 0 ? -1 : MathF.BitDecrement(-1))];

    [Theory]
    [InlineData(Rows, -1f)] // the lowest score
    [InlineData(50, -1f)] // the lowest score and the K-th best
    [InlineData(50, float.NegativeInfinity)] // the K-th best
    public void Cosines_rounded_below_minus_one_count_as_minus_one(int k, float minimum)
    {
        // Later rows come first, so that all of those before still get in.
        foreach (bool masked in new[] { false, true })
        {
            var best = new BestRows();
            best.Reset(new Wanted(k, minimum));
            ulong[] mask = [ulong.MaxValue, ulong.MaxValue, ulong.MaxValue];
            foreach ((int first, int count) in new[] { (65, 65), (1, 64), (0, 1) })
            {
                if (masked) best.Offer(s_scores.AsSpan(first, count), first, mask, first);
                else best.Offer(s_scores.AsSpan(first, count), first);
            }
            Assert.Equal(Enumerable.Range(0, k).Select(row => (-1f, row)), best.Sorted().ToArray());
        }
    }
}
