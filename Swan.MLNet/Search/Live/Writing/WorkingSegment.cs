using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>A segment with the rows of it that a writer has deleted, committed or not. Not thread-safe.</summary>
internal sealed class WorkingSegment(LiveSegment committed)
{
    private RowBits? _changed;

    public Segment Segment => committed.Segment;

    private RowBits? Deleted => _changed ?? committed.Deleted;

    /// <summary>Whether rows have been deleted since <see cref="Keep"/>.</summary>
    public bool IsChanged => _changed is not null;

    /// <summary>Rows that are not deleted.</summary>
    public int Live { get; private set; } = committed.Live;

    /// <summary>The segment as it is now; without a file for deleted rows that are in none yet.</summary>
    public LiveSegment Now => _changed is null ? committed : new LiveSegment(committed.Segment, _changed, null);

    public bool TryFind(ReadOnlySpan<byte> key, ulong hash, out int row)
    {
        row = Segment.Keys.Find(key, hash);
        return row >= 0 && (Deleted is not { } deleted || !deleted[row]);
    }

    public void Delete(int row)
    {
        // States that have been committed keep theirs.
        _changed ??= committed.Deleted?.Copy() ?? new RowBits(Segment.Count);
        _changed[row] = true;
        Live--;
    }

    /// <summary>The segment with its deleted rows in a file.</summary>
    public LiveSegment Saved(IndexFolder folder, long generation) => _changed is null
        ? committed
        : new LiveSegment(
            Segment, _changed, DeletedRows.Write(folder, IndexFolder.DeletedName(Segment.Named.File, generation), _changed));

    /// <summary>Takes what was committed.</summary>
    public void Keep(LiveSegment saved) => (committed, _changed) = (saved, null);
}
