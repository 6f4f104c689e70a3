using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Queries that share a scan. Used again.</summary>
internal sealed class ScanQueries
{
    private ReadOnlyMemory<float> _values;

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary><c>values[q * D + d]</c>, unit length.</summary>
    public ReadOnlySpan<float> Values => _values.Span;

    /// <summary>The same as integers; only for galleries that have bytes.</summary>
    public Int8Queries Integers { get; } = new();

    /// <summary>Takes queries.</summary>
    /// <param name="values"><c>values[q * D + d]</c>, unit length; must stay until <see cref="Clear"/>.</param>
    /// <param name="gallery">What is scanned.</param>
    public void Set(ReadOnlyMemory<float> values, ScannedRows gallery)
    {
        (_values, Count) = (values, values.Length / gallery.Dimension);
        if (gallery.Codes is not null) Integers.Set(values.Span, gallery.Dimension);
    }

    /// <summary>A query's values.</summary>
    public ReadOnlySpan<float> Of(int query, int dimension) => Values.Slice(query * dimension, dimension);

    /// <summary>Some of the queries, to be asked once more: copies of them, and their places after a reset.</summary>
    /// <param name="some">Which.</param>
    /// <param name="best">The places of all.</param>
    /// <param name="dimension">D.</param>
    public (ReadOnlyMemory<float> Queries, BestRows[] Best) Some(IReadOnlyList<int> some, BestRows[] best, int dimension)
    {
        float[] queries = new float[some.Count * dimension];
        BestRows[] places = new BestRows[some.Count];
        for (int i = 0; i < some.Count; i++)
        {
            Of(some[i], dimension).CopyTo(queries.AsSpan(i * dimension));
            places[i] = best[some[i]];
            places[i].Reset(places[i].Wanted);
        }
        return (queries, places);
    }

    /// <summary>Holds the queries no longer.</summary>
    public void Clear() => (_values, Count) = (default, 0);
}
