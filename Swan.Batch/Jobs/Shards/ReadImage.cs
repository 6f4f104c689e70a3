using Swan.Batch.Runs;
using Swan.MLNet.Scheduling;

namespace Swan.Batch.Jobs;

/// <summary>An image's bytes, or why there are none.</summary>
/// <param name="Input">What was asked for.</param>
/// <param name="Stamp">That of what was read.</param>
internal sealed record ReadImage(InputLine Input, string Stamp) : IDisposable
{
    /// <summary>SHA-256, lower-case hex; null where nothing was read.</summary>
    public string? Hash { get; init; }

    /// <summary>The bytes; null where nothing was read. The receiver disposes them.</summary>
    public PooledBuffer? Bytes { get; set; }

    /// <summary>What is wrong with it: the row's fault. Null where it was read.</summary>
    public Exception? Fault { get; init; }

    /// <summary>Why there was no memory for it: it is tried again, alone. Null otherwise.</summary>
    public Exception? NoMemory { get; init; }

    /// <summary>How long it was read, without waits for room.</summary>
    public TimeSpan ReadTime { get; init; }

    /// <summary>How long it was decoded; zero until it is, and where it isn't.</summary>
    public TimeSpan DecodeTime { get; set; }

    /// <summary>How much of the budget it holds.</summary>
    public long Held { get; init; }

    public void Dispose() => Bytes?.Dispose();
}
