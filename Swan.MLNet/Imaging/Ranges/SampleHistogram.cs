namespace Swan.MLNet.Imaging;

/// <summary>
/// Counts samples by an order-preserving key of 16 or 32 bits, and gives exact percentiles with at most 1.5 MB, however many samples there
/// are.
/// </summary>
/// <remarks>
/// Keys of 32 bits take a second pass: the first counts their upper halves; the second the lower halves of the two upper ones in which
/// the percentiles lie. Not safe for concurrent use.
/// </remarks>
internal sealed class SampleHistogram
{
    private const int Buckets = 1 << 16;
    private readonly bool _deep;
    private readonly double _low, _high;
    private readonly long[] _counts = new long[Buckets];
    private long[]? _lowCounts, _highCounts;
    private (uint Bucket, long Before) _lowAt, _highAt;
    private uint _least = uint.MaxValue, _most;

    /// <param name="keyBits">16 or 32.</param>
    /// <param name="low">A percentile from 0.</param>
    /// <param name="high">A percentile above it, up to 100.</param>
    public SampleHistogram(int keyBits, double low, double high) => (_deep, _low, _high) = (keyBits > 16, low, high);

    /// <summary>Samples that were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The lowest key so far.</summary>
    public uint Least => _least;

    /// <summary>The highest key so far.</summary>
    public uint Most => _most;

    /// <summary>Whether all samples must be given to <see cref="Refine"/> before percentiles are known.</summary>
    public bool NeedsSecondPass => _deep && _least < _most;

    /// <summary>Counts samples.</summary>
    public void Add(ReadOnlySpan<uint> keys)
    {
        int shift = _deep ? 16 : 0;
        foreach (uint key in keys)
        {
            _counts[key >> shift]++;
            _least = Math.Min(_least, key);
            _most = Math.Max(_most, key);
        }
        Count += keys.Length;
    }

    /// <summary>Begins the second pass.</summary>
    public void BeginRefining()
    {
        (_lowAt, _highAt) = (Find(_counts, Rank(_low)), Find(_counts, Rank(_high)));
        _lowCounts = new long[Buckets];
        _highCounts = _lowAt.Bucket == _highAt.Bucket ? _lowCounts : new long[Buckets];
    }

    /// <summary>Counts the same samples once more.</summary>
    public void Refine(ReadOnlySpan<uint> keys)
    {
        bool both = _lowAt.Bucket != _highAt.Bucket;
        foreach (uint key in keys)
        {
            uint bucket = key >> 16;
            if (bucket == _lowAt.Bucket) _lowCounts![key & 0xFFFF]++;
            else if (both && bucket == _highAt.Bucket) _highCounts![key & 0xFFFF]++;
        }
    }

    /// <summary>The keys at the two percentiles, by nearest rank: the lowest key that p percent of the samples are at or below.</summary>
    public (uint Low, uint High) Percentiles()
    {
        if (!_deep) return (Find(_counts, Rank(_low)).Bucket, Find(_counts, Rank(_high)).Bucket);
        if (!NeedsSecondPass) return (_least, _most);
        return (Whole(_lowAt, _lowCounts!, Rank(_low)), Whole(_highAt, _highCounts!, Rank(_high)));
    }

    private static uint Whole((uint Bucket, long Before) at, long[] counts, long rank) =>
        at.Bucket << 16 | Find(counts, rank - at.Before).Bucket;

    // From 1.
    private long Rank(double percentile) => Math.Clamp((long)Math.Ceiling(Count * (percentile / 100)), 1, Math.Max(Count, 1));

    private static (uint Bucket, long Before) Find(long[] counts, long rank)
    {
        long before = 0;
        for (uint bucket = 0; bucket < Buckets - 1; bucket++)
        {
            if (before + counts[bucket] >= rank) return (bucket, before);
            before += counts[bucket];
        }
        return (Buckets - 1, before);
    }
}
