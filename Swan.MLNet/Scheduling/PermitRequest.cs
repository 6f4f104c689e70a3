namespace Swan.MLNet.Scheduling;

/// <summary>A request that waits for its units.</summary>
internal sealed class PermitRequest(Permits permits, Permit permit, long units)
{
    // A waiter continues elsewhere, not under the lock of the thread that returns units.
    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Permit Permit => permit;

    public long Units => units;

    /// <summary>Ends when the units are taken, or with a cancellation.</summary>
    public Task Task => _granted.Task;

    public void Granted() => _granted.SetResult();

    /// <summary>Ends the wait at once, unless it has ended.</summary>
    public void Cancel(CancellationToken cancellation)
    {
        if (permits.Withdraw(this)) _granted.SetCanceled(cancellation);
    }
}
