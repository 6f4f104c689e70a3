using Swan.Batch.Output;

namespace Swan.Batch.Jobs;

/// <summary>Counts what is done, and tells whoever listens.</summary>
internal sealed class JobProgress(IProgress<BatchProgress>? listener)
{
    private long _rows, _done;

    /// <summary>The rows of all chunks so far.</summary>
    public Tally All { get; } = new();

    /// <summary>How many of them earlier runs had done.</summary>
    public long FromEarlierRuns { get; private set; }

    /// <summary>Says how many rows there are.</summary>
    public void Begin(long rows) => _rows = rows;

    public void Say(string message) => Report(message: message);

    /// <summary>A row of this run is embedded, though its chunk is not on disk yet.</summary>
    public void Advance()
    {
        _done++;
        Report();
    }

    /// <summary>A chunk is on disk.</summary>
    public void Add(int number, Tally chunk, bool fromEarlierRun)
    {
        All.Add(chunk);
        if (fromEarlierRun)
        {
            FromEarlierRuns += chunk.Rows;
            _done += chunk.Rows;
        }
        Report(chunk: new BatchChunk(number, chunk.Rows, chunk.Reasons, fromEarlierRun));
    }

    private void Report(string? message = null, BatchChunk? chunk = null) =>
        listener?.Report(new BatchProgress { Rows = _rows, RowsDone = _done, Message = message, Chunk = chunk });
}
