namespace Swan.MLNet.Search;

/// <summary>A pass over all rows of some segments in their order, for which the system may read ahead, until it is disposed.</summary>
/// <remarks>
/// Searches that read bytes read scattered rows, so the system is told to read only the touched pages. Reading all rows would then wait for
/// each page. The caller uses the segments until the end.
/// </remarks>
internal sealed class RowsInOrder : IDisposable
{
    private readonly Segment[] _segments;

    public RowsInOrder(params IEnumerable<Segment> segments)
    {
        _segments = [.. segments];
        foreach (Segment segment in _segments) segment.BeginPass();
    }

    public void Dispose()
    {
        foreach (Segment segment in _segments) segment.EndPass();
    }
}
