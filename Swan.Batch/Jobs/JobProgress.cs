using Swan.Batch.Output;
using Swan.Batch.Runs;

namespace Swan.Batch.Jobs;

/// <summary>Counts finished work, and reports it to listeners.</summary>
internal sealed class JobProgress(IProgress<BatchProgress>? listener)
{
    private long _rows, _done;

    /// <summary>The rows of all shards so far.</summary>
    public Tally All { get; } = new();

    /// <summary>How many of them were done before.</summary>
    public long FromBefore { get; private set; }

    /// <summary>How many of them had a content that was embedded before.</summary>
    public long Reused { get; private set; }

    /// <summary>Says how many rows there are.</summary>
    public void Begin(long rows) => _rows = rows;

    public void Say(string message) => Report(message: message);

    /// <summary>A row is read, though its shard is not done yet.</summary>
    public void Advance()
    {
        _done++;
        Report();
    }

    /// <summary>A shard is done.</summary>
    public void Add(ShardRecord shard, bool before)
    {
        All.Add(new Tally(shard.Rows, shard.Bad));
        Reused += shard.Reused;
        if (before)
        {
            FromBefore += shard.Rows;
            _done = Math.Max(_done, All.Rows);
        }
        Report(shard: new BatchShard(shard.Shard, shard.Rows, shard.Bad, before));
    }

    private void Report(string? message = null, BatchShard? shard = null) =>
        listener?.Report(new BatchProgress { Rows = _rows, RowsDone = _done, Message = message, Shard = shard });
}
