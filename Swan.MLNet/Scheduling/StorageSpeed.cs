namespace Swan.MLNet.Scheduling;

/// <summary>Decides whether storage is so slow that reading ahead is worth another thread.</summary>
/// <remarks>
/// Reading a file from the page cache is faster than waking a thread. Storage counts as fast until several reads were slow. One slow read
/// proves nothing, because its thread may have waited for a processor. Safe for concurrent use; a race loses one observation.
/// </remarks>
internal sealed class StorageSpeed
{
    private const double Slow = 0.5, Cap = 2, Weight = 1.0 / 8;
    private double _milliseconds;

    public bool IsSlow => Volatile.Read(ref _milliseconds) >= Slow;

    /// <summary>Takes in how long a read took.</summary>
    public void Observe(TimeSpan read)
    {
        double mean = Volatile.Read(ref _milliseconds);
        Volatile.Write(ref _milliseconds, mean + Weight * (Math.Min(read.TotalMilliseconds, Cap) - mean));
    }
}
