namespace Swan.MLNet.Search;

/// <summary>Chooses the segments to write again.</summary>
/// <remarks>
/// A segment's tier is the base-4 logarithm of its bytes, above a mebibyte. Eight neighbors of one tier or lower ones become one segment of
/// a higher tier. So a row is written about once per tier, and segments stay few. A segment with half of its rows deleted is rewritten
/// alone.
/// </remarks>
internal static class CompactionPlan
{
    private const int Together = 8;
    private const long Smallest = 1 << 20;

    /// <summary>The next segments to merge in the background; null: none.</summary>
    public static (int First, int Count)? Next(IReadOnlyList<LiveSegment> segments)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            if (segments[i].Live < segments[i].Segment.Count / 2) return (i, 1);
        }
        int[] tiers = [.. segments.Select(segment => Tier(segment.LiveBytes))];
        for (int tier = 0; tier <= Tier(SegmentBuilder.MaxBytes); tier++)
        {
            for (int first = 0, count = 0; first < segments.Count; first += Math.Max(1, count))
            {
                count = 0;
                for (long bytes = 0; first + count < segments.Count && tiers[first + count] <= tier; count++)
                {
                    bytes += segments[first + count].LiveBytes;
                    if (bytes > SegmentBuilder.MaxBytes) break;
                }
                if (count >= Together) return (first, count);
            }
        }
        return null;
    }

    /// <summary>The next segments to merge until there are as few as possible, without deleted rows; null: none.</summary>
    /// <param name="segments">All segments.</param>
    /// <param name="begun">The files at the beginning. Others are left alone, so the work ends despite further commits.</param>
    public static (int First, int Count)? NextOfAll(IReadOnlyList<LiveSegment> segments, IReadOnlySet<string> begun)
    {
        for (int first = 0, count; first < segments.Count; first += count)
        {
            count = 1;
            if (!begun.Contains(segments[first].Named.File)) continue;
            long bytes = segments[first].LiveBytes;
            for (; first + count < segments.Count && begun.Contains(segments[first + count].Named.File); count++)
            {
                bytes += segments[first + count].LiveBytes;
                if (bytes > SegmentBuilder.MaxBytes) break;
            }
            if (count > 1 || segments[first].Deleted is not null) return (first, count);
        }
        return null;
    }

    private static int Tier(long bytes) => bytes <= Smallest ? 0 : (int)Math.Ceiling(Math.Log2((double)bytes / Smallest) / 2);
}
