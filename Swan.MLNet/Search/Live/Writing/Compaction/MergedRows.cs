using Swan.MLNet.Metadata;

namespace Swan.MLNet.Search;

/// <summary>The live rows of some segments, one after another, as they are written to a new one.</summary>
/// <remarks>Not thread-safe. Whoever makes it uses the segments until it is done.</remarks>
internal sealed class MergedRows : RowSource
{
    private readonly LiveSegment[] _sources;
    private readonly SwanColumn[] _columns;
    private readonly int[] _first;
    private int _source;
    private int _at;
    private int _row = -1;

    public MergedRows(LiveSegment[] sources, SwanColumn[] columns)
    {
        (_sources, _columns) = (sources, columns);
        _first = new int[sources.Length + 1];
        for (int i = 0; i < sources.Length; i++) _first[i + 1] = checked(_first[i] + sources[i].Live);
    }

    public IReadOnlyList<LiveSegment> Sources => _sources;

    public override int Count => _first[^1];

    public override ReadOnlySpan<float> Row(int row)
    {
        Go(row);
        return _sources[_source].Segment.Row(_at);
    }

    public override ReadOnlySpan<byte> Key(int row)
    {
        Go(row);
        return _sources[_source].Segment.Keys.Utf8(_at);
    }

    public override ulong Hash(int row) => SegmentKeys.Hash(Key(row));

    public override object? Value(int row, int column)
    {
        Go(row);
        return _sources[_source].Segment.Column(_columns[column])?[_at];
    }

    // Rows are asked for in their order, once for each part that is written.
    private void Go(int row)
    {
        if (row == _row) return;
        if (row != _row + 1 || _row < 0)
        {
            int source = Array.BinarySearch(_first, row);
            // Of several that begin with this row, those before the last are empty.
            if (source < 0) source = ~source - 1;
            else while (_first[source + 1] == row) source++;
            (_source, _at) = (source, -1);
            for (int skip = row - _first[source]; skip >= 0; skip--) Next();
        }
        else
        {
            if (row == _first[_source + 1])
            {
                do _source++;
                while (_first[_source + 1] == row);
                _at = -1;
            }
            Next();
        }
        _row = row;
    }

    private void Next()
    {
        do _at++;
        while (!_sources[_source].IsLive(_at));
    }
}
