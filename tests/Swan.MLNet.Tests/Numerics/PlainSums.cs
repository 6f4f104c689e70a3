namespace Swan.MLNet.Tests.Numerics;

/// <summary>The remarks of <c>DotProducts</c> as a plain loop, one value after another.</summary>
internal static class PlainSums
{
    public static float Product(ReadOnlySpan<float> row, ReadOnlySpan<float> query)
    {
        float[] lanes = new float[16];
        for (int d = 0; d < (row.Length + 15) / 16 * 16; d++)
        {
            lanes[d % 16] = d < row.Length
                ? MathF.FusedMultiplyAdd(row[d], query[d], lanes[d % 16])
                : MathF.FusedMultiplyAdd(0, 0, lanes[d % 16]);
        }
        for (int i = 0; i < 8; i++) lanes[i] += lanes[i + 8];
        for (int i = 0; i < 4; i++) lanes[i] += lanes[i + 4];
        return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
    }

    /// <summary>A copy at unit length.</summary>
    public static float[] Unit(float[] vector)
    {
        float length = MathF.Sqrt(Product(vector, vector));
        return Array.ConvertAll(vector, value => value / length);
    }
}
