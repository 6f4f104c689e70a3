namespace Swan.MLNet.DataViews;

/// <summary>Consecutive rows that are computed together.</summary>
internal sealed class RowWindow(RowBatch batch, int capacity) : IDisposable
{
    private readonly PassComparison.Mark[] _marks = new PassComparison.Mark[capacity];
    private bool _computed;

    public RowBatch Batch => batch;

    /// <summary>The first row's number.</summary>
    public long First { get; private set; }

    public int Count { get; private set; }

    /// <summary>The number of the row after the last.</summary>
    public long End => First + Count;

    public bool Contains(long row) => row >= First && row < End;

    public PassComparison.Mark Mark(long row) => _marks[row - First];

    /// <summary>Forgets the rows; the next one added has this number.</summary>
    public void Clear(long first)
    {
        batch.Clear();
        (First, Count, _computed) = (first, 0, false);
    }

    /// <summary>Takes the row that the pass ahead stands on.</summary>
    public void Add(PassComparison.Mark mark)
    {
        _marks[Count] = mark;
        batch.Add();
        Count++;
    }

    /// <summary>Computes the rows, unless they are.</summary>
    public void Compute()
    {
        if (_computed) return;
        batch.Compute();
        _computed = true;
    }

    public void Dispose() => batch.Dispose();
}
