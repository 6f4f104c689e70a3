using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>The rows of a segment that pass the filters which were asked last. Safe for concurrent use.</summary>
/// <remarks>A set takes a bit a row: those of 16 filters take 2 bytes, where a row of 257 values has 1,028.</remarks>
internal sealed class FilteredRows
{
    private const int Kept = 16;

    private readonly Lock _gate = new();
    private readonly List<(SwanFilter Filter, RowBits Rows)> _latest = new(Kept + 1);

    /// <summary>The set that is kept for a filter, or a new one.</summary>
    public RowBits GetOrAdd(SwanFilter filter, Func<RowBits> evaluate)
    {
        using (_gate.EnterScope())
        {
            int at = _latest.FindIndex(kept => kept.Filter.Equals(filter));
            if (at >= 0)
            {
                (SwanFilter, RowBits Rows) found = _latest[at];
                _latest.RemoveAt(at);
                _latest.Add(found);
                return found.Rows;
            }
        }
        RowBits rows = evaluate();
        using (_gate.EnterScope())
        {
            _latest.Add((filter, rows));
            if (_latest.Count > Kept) _latest.RemoveAt(0);
        }
        return rows;
    }
}
