namespace Swan.Batch;

/// <summary>The result of a run: every image has its row, or a reason why it has none.</summary>
public sealed record BatchReport
{
    /// <summary>The run's number, from 1; 0 if there was nothing to do and no earlier run.</summary>
    public required int Run { get; init; }

    /// <summary>Images to embed, good and bad, including those done by earlier starts.</summary>
    public required long Rows { get; init; }

    /// <summary>How many of them were done by earlier starts or other processes.</summary>
    public required long RowsFromBefore { get; init; }

    /// <summary>How many of them had content that was embedded before.</summary>
    public required long RowsReused { get; init; }

    /// <summary>How many images are unchanged since the run before, and needed no work.</summary>
    public required long RowsUnchanged { get; init; }

    /// <summary>How many of these could not be embedded before, and were not retried.</summary>
    public required long RowsKnownBad { get; init; }

    /// <summary>How many images of the run before no longer exist.</summary>
    public required long RowsGone { get; init; }

    /// <summary>How many rows are bad for each reason, such as <c>Truncated</c>, by ordinal order of the reasons.</summary>
    public required IReadOnlyDictionary<string, long> BadRows { get; init; }

    /// <summary>The share of bad rows that the options allow, 0 to 1.</summary>
    public required double MaxBadShare { get; init; }

    /// <summary>How long this took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The share of bad rows, 0 to 1; 0 in a run without rows.</summary>
    public double BadShare => Rows == 0 ? 0 : (double)BadRows.Values.Sum() / Rows;

    /// <summary>The share of known bad rows among the unchanged images, 0 to 1.</summary>
    public double KnownBadShare => RowsUnchanged == 0 ? 0 : (double)RowsKnownBad / RowsUnchanged;

    /// <summary>Whether more rows are bad than the options allow, or all of several rows, which no option allows.</summary>
    /// <remarks>In a run without rows, the known bad rows decide: a retry would fail the same way.</remarks>
    public bool HasTooManyBadRows
    {
        get
        {
            (double share, long rows) = Rows == 0 ? (KnownBadShare, RowsUnchanged) : (BadShare, Rows);
            return share > MaxBadShare || (rows > 1 && share == 1);
        }
    }
}
