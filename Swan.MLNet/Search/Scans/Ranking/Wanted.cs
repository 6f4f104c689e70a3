namespace Swan.MLNet.Search;

/// <summary>What a query asks for.</summary>
/// <param name="K">Rows that are kept at most; at least 1.</param>
/// <param name="Minimum">The lowest score that is found; negative infinity: any.</param>
/// <param name="Mask">The rows that may be found; null: all.</param>
/// <param name="Excluded">Rows that are not found nevertheless, a few; null: none.</param>
internal readonly record struct Wanted(int K, float Minimum, RowMask? Mask = null, int[]? Excluded = null)
{
    public Wanted(int k)
        : this(k, float.NegativeInfinity)
    {
    }
}
