namespace Swan.MLNet.Scheduling;

/// <summary>Tells whether files come so slowly that reading them ahead is worth another thread.</summary>
/// <remarks>
/// A file in the page cache is read sooner than a thread wakes. Storage is taken to be quick until several reads were slow: one slow read
/// says nothing, as its thread may have waited for a processor. Safe for concurrent use; a race loses one observation.
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
