using System.Runtime.ExceptionServices;
using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>The pass that runs ahead of the reader and has its rows computed in batches.</summary>
/// <remarks>
/// Batches start small and double while the reader goes on from one to the next, so that looking at a few rows costs a few rows. From
/// the second batch on, the next one is made ready (images are decoded) while this one is computed, where the map can do that. At most
/// two batches are in memory, however long the data.
/// </remarks>
internal sealed class RowLookahead : IDisposable
{
    /// <summary>Rows of the first batch.</summary>
    public const int Small = 4;

    private readonly int _largest;
    private readonly DataViewRowCursor _ahead;
    private readonly PassComparison _comparison;
    private RowWindow _current;
    private RowWindow? _next;
    private bool _twinned;
    private int _size;
    private long _row = -1;
    private ExceptionDispatchInfo? _fault;

    /// <param name="map">What is computed.</param>
    /// <param name="ahead">Its cursor; owned from here on.</param>
    /// <param name="comparison">Marks the rows it sees.</param>
    public RowLookahead(RowMap map, DataViewRowCursor ahead, PassComparison comparison)
    {
        _largest = map.BatchSize;
        _ahead = ahead;
        _comparison = comparison;
        _current = new RowWindow(map.CreateBatch(ahead, _largest), _largest);
    }

    /// <summary>The batch in use: where getters of the first rows come from.</summary>
    public RowBatch Batch => _current.Batch;

    /// <summary>The computed batch that holds a row. Rows are asked for in order; any may be left out.</summary>
    /// <exception cref="InvalidOperationException">The source has no such row.</exception>
    public RowWindow At(long row)
    {
        if (!_current.Contains(row)) GoTo(row);
        _current.Compute();
        return _current;
    }

    public void Dispose()
    {
        _current.Dispose();
        _next?.Dispose();
        _ahead.Dispose();
    }

    private void GoTo(long row)
    {
        // A reader that comes this far only now and then gets small batches, or most of the work would be for nothing.
        bool goesOn = _current.Count > 0 && row - _current.End < _size;
        if (!goesOn) _size = Math.Min(Small, _largest);
        if (_next is { } ready && ready.Contains(row))
        {
            (_current, _next) = (ready, _current);
        }
        else
        {
            // What was made ready is passed over; the pass ahead is behind it already.
            _next?.Clear(row);
            while (_row < row) Advance(row);
            Take(_current, row);
        }
        if (!goesOn) return;
        if (!_twinned)
        {
            _twinned = true;
            if (_current.Batch.Twin() is { } twin) _next = new RowWindow(twin, _largest);
        }
        if (_next is not null) TakeNext(_next);
    }

    // The pass ahead stands on the first row.
    private void Take(RowWindow window, long first)
    {
        window.Clear(first);
        do window.Add(_comparison.Ahead());
        while (window.Count < _size && MoveAhead());
        window.Batch.Prepare();
        _size = Math.Min(2 * _size, _largest);
    }

    private void TakeNext(RowWindow window)
    {
        window.Clear(_row + 1);
        if (MoveAhead()) Take(window, _row);
    }

    private void Advance(long row)
    {
        if (MoveAhead()) return;
        _fault?.Throw();
        throw PassComparison.Changed($"it ended after {_row + 1} rows, but the first pass is at row {row}");
    }

    private bool MoveAhead()
    {
        if (_fault is not null) return false;
        try
        {
            if (!_ahead.MoveNext()) return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Rows before this one are still to be delivered.
            _fault = ExceptionDispatchInfo.Capture(e);
            return false;
        }
        _row++;
        return true;
    }
}
