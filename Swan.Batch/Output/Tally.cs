namespace Swan.Batch.Output;

/// <summary>Rows, and bad rows by reason.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, long> _reasons = new(StringComparer.Ordinal);

    public Tally()
    {
    }

    public Tally(long rows, IReadOnlyDictionary<string, long> reasons)
    {
        Rows = rows;
        foreach ((string reason, long count) in reasons) _reasons[reason] = count;
    }

    public long Rows { get; private set; }

    /// <summary>Bad rows by reason, in the reasons' order.</summary>
    public IReadOnlyDictionary<string, long> Reasons => _reasons;

    /// <summary>Counts a row; null: it is good.</summary>
    public void Add(string? reason)
    {
        Rows++;
        if (reason is not null) _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
    }

    public void Add(Tally other)
    {
        Rows += other.Rows;
        foreach ((string reason, long count) in other._reasons) _reasons[reason] = _reasons.GetValueOrDefault(reason) + count;
    }
}
