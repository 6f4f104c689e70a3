namespace Swan.MLNet.Search;

/// <summary>The best rows of each of some queries. Used again; not thread-safe.</summary>
internal sealed class Heaps
{
    private BestRows[] _heaps = [];

    /// <summary>One for each query, or more; as they were left.</summary>
    public BestRows[] For(int queries)
    {
        int before = _heaps.Length;
        if (before >= queries) return _heaps;
        BestRows[] more = _heaps;
        Array.Resize(ref more, queries);
        for (int i = before; i < queries; i++) more[i] = new BestRows();
        return _heaps = more;
    }

    /// <summary>Drops all rows, and room that few queries need.</summary>
    public void Trim()
    {
        foreach (BestRows heap in _heaps) heap.Trim();
    }
}
