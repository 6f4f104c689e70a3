namespace Swan.MLNet.Imaging;

/// <summary>The lowest frequencies of <see cref="LumaCells"/> except the mean: a discrete cosine transform (DCT-II) in integers.</summary>
internal static class LumaFrequencies
{
    /// <summary>How many there are.</summary>
    public const int Count = 64;

    /// <summary>The minimum value of a frequency with an amplitude of one gray level: 2^48.</summary>
    public const long GrayLevel = 1L << 48;

    private const int Cells = LumaCells.Side, Highest = 9, CosineBits = 14;

    // Down and to the right, the lowest first. A frequency of 10 on either side is higher than all of them.
    private static readonly (int V, int U)[] Lowest =
    [
        .. (from v in Enumerable.Range(0, Highest + 1)
            from u in Enumerable.Range(0, Highest + 1)
            orderby v * v + u * u, v
            select (v, u)).Skip(1).Take(Count),
    ];

    // [u * Cells + x]. No cosine is so near to half a unit that machines could round it differently.
    private static readonly int[] Cosines =
    [
        .. from u in Enumerable.Range(0, Highest + 1)
           from x in Enumerable.Range(0, Cells)
           select (int)Math.Round(Math.Cos(Math.PI * u * (2 * x + 1) / (2 * Cells)) * (1 << CosineBits)),
    ];

    /// <summary>Transforms the cells.</summary>
    /// <param name="cells">As <see cref="LumaCells.Average"/> gives them.</param>
    /// <param name="frequencies">Receives all <see cref="Count"/>, the lowest first.</param>
    public static void Transform(ReadOnlySpan<int> cells, Span<long> frequencies)
    {
        Span<long> rows = stackalloc long[Cells * (Highest + 1)];
        for (int y = 0; y < Cells; y++)
        {
            for (int u = 0; u <= Highest; u++)
            {
                long sum = 0;
                for (int x = 0; x < Cells; x++) sum += (long)Cosines[u * Cells + x] * cells[y * Cells + x];
                rows[y * (Highest + 1) + u] = sum;
            }
        }

        for (int i = 0; i < Count; i++)
        {
            (int v, int u) = Lowest[i];
            long sum = 0;
            for (int y = 0; y < Cells; y++) sum += Cosines[v * Cells + y] * rows[y * (Highest + 1) + u];
            frequencies[i] = sum;
        }
    }
}
