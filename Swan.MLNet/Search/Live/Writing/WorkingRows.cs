using Swan.MLNet.Metadata;

namespace Swan.MLNet.Search;

/// <summary>
/// The rows of an index, or those that are being re-embedded, as its writer sees them: committed segments, those that are written but not
/// committed, and rows that are in no file yet. Not thread-safe.
/// </summary>
internal sealed class WorkingRows : IDisposable
{
    private readonly IndexFolder _folder;
    private readonly List<WorkingSegment> _segments;
    private readonly HashSet<Segment> _used;
    private RowBuffer _buffer;
    private bool _isChanged;

    /// <param name="folder">The index.</param>
    /// <param name="shape">What the manifest says of the rows.</param>
    /// <param name="committed">The segments that it names; the caller has entered them, and they are left when this is disposed.</param>
    public WorkingRows(IndexFolder folder, ManifestRows shape, LiveSegment[] committed)
    {
        (_folder, Shape, Committed) = (folder, shape with { Segments = [] }, committed);
        _segments = [.. committed.Select(segment => new WorkingSegment(segment))];
        _used = [.. committed.Select(segment => segment.Segment)];
        _buffer = new RowBuffer(shape.EmbeddingSize);
    }

    /// <summary>D, stride, scan, model and range.</summary>
    public ManifestRows Shape { get; }

    /// <summary>The segments of the last commit.</summary>
    public LiveSegment[] Committed { get; private set; }

    /// <summary>Rows that are not deleted.</summary>
    public long Count => _buffer.Count + _segments.Sum(segment => (long)segment.Live);

    /// <summary>Whether there is something to commit.</summary>
    public bool IsChanged => _isChanged || _buffer.Count > 0;

    /// <summary>About how much memory the rows take that are in no file.</summary>
    public long BufferBytes => _buffer.Bytes;

    /// <summary>The files that must stay.</summary>
    public IEnumerable<string> Files =>
        Committed.Select(s => s.Named).Concat(_segments.Select(s => s.Now.Named))
            .SelectMany(s => s.Deleted is { } deleted ? new[] { s.File, deleted.File } : [s.File]);

    /// <summary>The row that has a key.</summary>
    public bool TryFind(StoredKey key, out RowPlace place)
    {
        if (_buffer.TryFind(key.Text, out int buffered))
        {
            place = new RowPlace(null, buffered);
            return true;
        }
        for (int i = _segments.Count - 1; i >= 0; i--)
        {
            if (!_segments[i].TryFind(key.Utf8, key.Hash, out int row)) continue;
            place = new RowPlace(_segments[i], row);
            return true;
        }
        place = default;
        return false;
    }

    /// <summary>A row's D values, until rows are changed.</summary>
    public ReadOnlySpan<float> Row(RowPlace place) =>
        place.Segment is { } segment ? segment.Segment.Row(place.Row) : _buffer.Row(place.Row);

    /// <summary>A row's value of a column, by the column's number.</summary>
    public object? Value(RowPlace place, IReadOnlyList<SwanColumn> columns, int column)
    {
        if (place.Segment is { } segment) return segment.Segment.Column(columns[column])?[place.Row];
        object?[] values = _buffer.Values(place.Row);
        return column < values.Length ? values[column] : null;
    }

    /// <summary>Adds a row, or replaces the one that was found for its key.</summary>
    public void Put(StoredKey key, RowPlace? before, ReadOnlySpan<float> unit, object?[] values)
    {
        _buffer.Put(key.Text, key.Utf8, key.Hash, unit, values);
        if (before is { Segment: not null } stored) Delete(key, stored);
    }

    /// <summary>Deletes a row that was found.</summary>
    public void Delete(StoredKey key, RowPlace place)
    {
        if (place.Segment is { } segment)
        {
            segment.Delete(place.Row);
            _isChanged = true;
        }
        else
        {
            _buffer.Remove(key.Text);
        }
    }

    /// <summary>Writes the rows that are in no file to a segment, which counts from the next commit on.</summary>
    /// <param name="number">The segment's.</param>
    /// <param name="columns">The index's.</param>
    /// <param name="cancellation">Ends the work; the rows stay.</param>
    /// <returns>Whether there were any.</returns>
    public bool Spill(long number, IReadOnlyList<SwanColumn> columns, CancellationToken cancellation)
    {
        if (_buffer.Count > 0)
        {
            long rows = _buffer.Count + _segments.Sum(s => (long)s.Segment.Count);
            if (rows > int.MaxValue)
            {
                throw new InvalidOperationException(
                    $"The index would have {rows:N0} rows, including deleted ones; it holds at most {int.MaxValue:N0}. Call Compact, or "
                    + "divide the gallery, search its parts and merge the results by score.");
            }
            ManifestSegment named = SegmentBuilder.Write(
                _folder, IndexFolder.SegmentName(number), Shape, columns, _buffer.Rows(), cancellation);
            var segment = new LiveSegment(Segment.Open(_folder, named, Shape), null, null);
            _used.Add(segment.Segment);
            _segments.Add(new WorkingSegment(segment));
            _isChanged = true;
        }
        else if (_buffer.Bytes == 0)
        {
            return false;
        }
        bool any = _buffer.Count > 0;
        _buffer = new RowBuffer(Shape.EmbeddingSize);
        return any;
    }

    /// <summary>Writes which rows are deleted, for a manifest of a generation; segments without a row are left out.</summary>
    /// <remarks>Nothing else changes before <see cref="Commit"/>, so it can be done again where the manifest can't be written.</remarks>
    public LiveSegment[] Save(long generation) => [.. _segments.Where(s => s.Live > 0).Select(s => s.Saved(_folder, generation))];

    /// <summary>Takes what <see cref="Save"/> gave as committed.</summary>
    public void Commit(LiveSegment[] saved)
    {
        _segments.RemoveAll(segment => segment.Live == 0);
        for (int i = 0; i < saved.Length; i++) _segments[i].Keep(saved[i]);
        Committed = saved;
        _isChanged = false;
        LeaveUnused();
    }

    /// <summary>The segments as they are now, without the rows that are in no file.</summary>
    public LiveSegment[] Now() => [.. _segments.Select(segment => segment.Now)];

    /// <summary>Puts a merged segment in the place of its sources.</summary>
    /// <param name="merge">The merge.</param>
    /// <param name="committed">What is committed with it.</param>
    public void Replace(Merge merge, LiveSegment[] committed)
    {
        if (merge.Result is not null) _used.Add(merge.Result);
        LiveSegment[] now = merge.Replaced(Now());
        Dictionary<Segment, LiveSegment> kept = committed.ToDictionary(s => s.Segment);
        Dictionary<Segment, WorkingSegment> open = _segments.ToDictionary(s => s.Segment);
        _segments.Clear();
        foreach (LiveSegment segment in now)
        {
            if (open.TryGetValue(segment.Segment, out WorkingSegment? before))
            {
                _segments.Add(before);
                continue;
            }
            // Uncommitted deletions are changes of the committed segment.
            LiveSegment? saved = kept.GetValueOrDefault(segment.Segment);
            var merged = new WorkingSegment(saved ?? new LiveSegment(segment.Segment, null, null));
            for (int row = 0; segment.Deleted is not null && row < segment.Segment.Count; row++)
            {
                if (segment.Deleted[row] && saved?.IsLive(row) != false) merged.Delete(row);
            }
            _segments.Add(merged);
        }
        Committed = committed;
        LeaveUnused();
    }

    /// <summary>Leaves all segments.</summary>
    public void Dispose()
    {
        foreach (Segment segment in _used) segment.Leave();
        _used.Clear();
    }

    private void LeaveUnused()
    {
        HashSet<Segment> needed = [.. Committed.Select(s => s.Segment), .. _segments.Select(s => s.Segment)];
        foreach (Segment segment in _used.Where(segment => !needed.Contains(segment)).ToArray())
        {
            segment.Leave();
            _used.Remove(segment);
        }
    }
}

/// <summary>Where a row is: in a segment, or among those that are in no file yet.</summary>
internal readonly record struct RowPlace(WorkingSegment? Segment, int Row);

/// <summary>A key in the forms that finding it takes.</summary>
internal readonly record struct StoredKey(string Text, byte[] Utf8, ulong Hash)
{
    /// <param name="key">Checked by <see cref="SwanIndexBuilder.KeyFault"/>.</param>
    public static StoredKey Of(string key)
    {
        byte[] utf8 = SwanIndexBuilder.Utf8.GetBytes(key);
        return new StoredKey(key, utf8, SegmentKeys.Hash(utf8));
    }
}
