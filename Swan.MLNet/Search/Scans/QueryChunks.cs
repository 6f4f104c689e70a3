namespace Swan.MLNet.Search;

/// <summary>Many queries in chunks of equal size: a remainder of two queries would cost a whole extra pass.</summary>
/// <param name="Queries">All queries, at least 1.</param>
internal readonly record struct QueryChunks(int Queries)
{
    /// <summary>The most queries that share a pass over the gallery.</summary>
    public const int Most = 96;

    public int Count => (Queries + Most - 1) / Most;

    /// <summary>Queries in a chunk; the last may have fewer.</summary>
    public int Size => (Queries + Count - 1) / Count;

    /// <summary>The first query of a chunk.</summary>
    public int First(int chunk) => chunk * Size;

    /// <summary>The queries of a chunk, of all <c>queries[q * dimension + d]</c>.</summary>
    public ReadOnlyMemory<float> Part(ReadOnlyMemory<float> queries, int chunk, int dimension) =>
        queries.Slice(First(chunk) * dimension, Math.Min(Size, Queries - First(chunk)) * dimension);
}
