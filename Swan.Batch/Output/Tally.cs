namespace Swan.Batch.Output;

/// <summary>Rows, and bad rows by reason.</summary>
internal sealed class Tally
{
    public long Rows { get; private set; }

    public long Bad => Reasons.Values.Sum();

    /// <summary>Bad rows by reason, in the reasons' order.</summary>
    public SortedDictionary<string, long> Reasons { get; init; } = new(StringComparer.Ordinal);

    public Tally() { }

    public Tally(long rows, IReadOnlyDictionary<string, long> reasons)
    {
        Rows = rows;
        foreach ((string reason, long count) in reasons) Reasons[reason] = count;
    }

    /// <summary>Counts a row; null: it is good.</summary>
    public void Add(string? reason)
    {
        Rows++;
        if (reason is not null) Reasons[reason] = Reasons.GetValueOrDefault(reason) + 1;
    }

    public void Add(Tally other)
    {
        Rows += other.Rows;
        foreach ((string reason, long count) in other.Reasons) Reasons[reason] = Reasons.GetValueOrDefault(reason) + count;
    }

    public override string ToString() => Bad == 0 ? "0 bad" : $"{Bad:N0} bad ({string.Join(", ", Reasons.Select(r => $"{r.Key} {r.Value:N0}"))})";
}
