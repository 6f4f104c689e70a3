namespace Swan.MLNet.Imaging;

/// <summary>The lowest frequencies of <see cref="LumaCells"/>: a discrete cosine transform (DCT-II) in integers.</summary>
internal static class LumaFrequencies
{
    /// <summary>Frequencies on each side.</summary>
    public const int Side = 8;

    /// <summary>All of them.</summary>
    public const int Count = Side * Side;

    private const int CosineBits = 14;

    // cosines[u * cells + x]. No cosine is near enough to a half of a unit for machines to round it differently.
    private static readonly int[] Cosines =
    [
        .. from u in Enumerable.Range(0, Side)
           from x in Enumerable.Range(0, LumaCells.Side)
           select (int)Math.Round(Math.Cos(Math.PI * u * (2 * x + 1) / (2 * LumaCells.Side)) * (1 << CosineBits)),
    ];

    /// <summary>Transforms the cells.</summary>
    /// <param name="cells">As <see cref="LumaCells.Average"/> gives them.</param>
    /// <param name="frequencies">Receives <c>frequencies[v * Side + u]</c>: v downward, u to the right; the first is the mean.</param>
    public static void Transform(ReadOnlySpan<int> cells, Span<long> frequencies)
    {
        const int N = LumaCells.Side;
        Span<long> rows = stackalloc long[N * Side];
        for (int y = 0; y < N; y++)
        {
            for (int u = 0; u < Side; u++)
            {
                long sum = 0;
                for (int x = 0; x < N; x++) sum += (long)Cosines[u * N + x] * cells[y * N + x];
                rows[y * Side + u] = sum;
            }
        }

        for (int v = 0; v < Side; v++)
        {
            for (int u = 0; u < Side; u++)
            {
                long sum = 0;
                for (int y = 0; y < N; y++) sum += Cosines[v * N + y] * rows[y * Side + u];
                frequencies[v * Side + u] = sum;
            }
        }
    }
}
