using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Bounds of the score that <see cref="DotProducts"/> gives a query and a row; <see cref="Int8Queries"/> proves them.</summary>
/// <param name="CoarseStep">What the coarse sum of products counts in, before the row's scale.</param>
/// <param name="Length">At least the query's length.</param>
/// <param name="Upper">What the coarse sum is added to for an upper bound, but for the row's error.</param>
/// <param name="Middle">The query's product with the center.</param>
/// <param name="Slack">How far a fine score may be off, but for the row's error.</param>
/// <param name="CoarseSum">The sum of the query's coarse integers.</param>
/// <param name="FineSum">The sum of its fine integers.</param>
internal readonly record struct Int8Bound(
    float CoarseStep, float Length, float Upper, double Middle, double Slack, int CoarseSum, int FineSum)
{
    private const int Zero = 128, Parts = 128;

    /// <summary>Which rows of a group have an upper bound that reaches a threshold.</summary>
    /// <param name="products">Of the coarse integers and the 64 rows' stored codes.</param>
    /// <param name="scales">The group's 64 scales, then its 64 errors.</param>
    /// <param name="threshold">Not NaN.</param>
    public ulong Reaching(ref int products, ref float scales, float threshold)
    {
        Vector512<int> zero = Vector512.Create(Zero * CoarseSum);
        Vector512<float> step = Vector512.Create(CoarseStep), length = Vector512.Create(Length);
        Vector512<float> upper = Vector512.Create(Upper), least = Vector512.Create(threshold);
        ulong bits = 0;
        for (int i = 0; i < Int8Part.Group; i += Vector512<int>.Count)
        {
            Vector512<float> sum = Vector512.ConvertToSingle(Vector512.LoadUnsafe(ref products, (nuint)i) - zero);
            Vector512<float> scale = Vector512.LoadUnsafe(ref scales, (nuint)i);
            Vector512<float> error = Vector512.LoadUnsafe(ref scales, (nuint)(i + Int8Part.Group));
            Vector512<float> bound = Vector512.FusedMultiplyAdd(sum * scale, step, Vector512.FusedMultiplyAdd(error, length, upper));
            bits |= Vector512.GreaterThanOrEqual(bound, least).ExtractMostSignificantBits() << i;
        }
        return bits;
    }

    /// <summary>The bounds by both integers of the query.</summary>
    /// <param name="coarse">The coarse product with a row's stored codes.</param>
    /// <param name="fine">The fine one.</param>
    /// <param name="scale">The row's scale.</param>
    /// <param name="error">The row's error.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (float Lower, float Upper) Of(int coarse, int fine, float scale, float error)
    {
        double sum = (double)Parts * (coarse - Zero * CoarseSum) + (fine - Zero * FineSum);
        double score = Middle + (double)CoarseStep / Parts * scale * sum, off = Slack + (double)Length * error;
        return (MathF.BitDecrement((float)(score - off)), MathF.BitIncrement((float)(score + off)));
    }
}
