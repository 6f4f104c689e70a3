using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>A segment that takes the place of others: the rows of theirs that were live when it was begun.</summary>
/// <param name="sources">The others, as they were then; they follow each other.</param>
internal sealed class Merge(LiveSegment[] sources)
{
    /// <summary>The new segment; null where no row was live.</summary>
    public Segment? Result { get; set; }

    public LiveSegment[] Sources => sources;

    /// <summary>A list with the new segment in the place of the others, and with what has been deleted of them since.</summary>
    /// <param name="segments">Has the others, but for those of which all rows have been deleted since.</param>
    public LiveSegment[] Replaced(LiveSegment[] segments)
    {
        HashSet<Segment> replaced = [.. sources.Select(source => source.Segment)];
        int at = Array.FindIndex(segments, segment => replaced.Contains(segment.Segment));
        List<LiveSegment> result = [.. segments.Where(segment => !replaced.Contains(segment.Segment))];
        if (at >= 0 && Result is not null && DeletedSince(segments) is var deleted && (deleted is null || deleted.Count < Result.Count))
            result.Insert(at, new LiveSegment(Result, deleted, null));
        return [.. result];
    }

    private RowBits? DeletedSince(LiveSegment[] segments)
    {
        RowBits? deleted = null;
        int at = 0;
        foreach (LiveSegment source in sources)
        {
            LiveSegment? now = Array.Find(segments, segment => segment.Segment == source.Segment);
            for (int row = 0; row < source.Segment.Count; row++)
            {
                if (!source.IsLive(row)) continue;
                if (now is null || !now.IsLive(row)) (deleted ??= new RowBits(Result!.Count))[at] = true;
                at++;
            }
        }
        return deleted;
    }
}
