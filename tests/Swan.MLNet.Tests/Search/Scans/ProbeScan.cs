using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Scans;

/// <summary>A scan whose units do what a test says.</summary>
internal sealed class ProbeScan(int units, bool givesWay = false) : SharedScan
{
    private int _done;
    private int _caller;

    /// <summary>Units that have ended.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>What a thread does before its first unit; the argument says whether it is the caller's.</summary>
    public Action<bool>? Beginning { get; set; }

    /// <summary>What a unit does; the argument says whether the caller's thread does it.</summary>
    public Action<bool>? Unit { get; set; }

    public Func<bool>? IsUnwanted { get; set; }

    protected override bool GivesWay => givesWay;

    public void Run(bool waits = true, CancellationToken cancellation = default)
    {
        (_caller, _done) = (Environment.CurrentManagedThreadId, 0);
        Run(units, waits, IsUnwanted, cancellation);
    }

    protected override void Begin(ScanRoom room) => Beginning?.Invoke(IsCaller);

    protected override void Do(int unit, ScanRoom room, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Unit?.Invoke(IsCaller);
        Interlocked.Increment(ref _done);
    }

    protected override void End(ScanRoom room)
    {
    }

    private bool IsCaller => Environment.CurrentManagedThreadId == Volatile.Read(ref _caller);
}
