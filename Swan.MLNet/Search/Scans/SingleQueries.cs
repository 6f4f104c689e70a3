using System.Numerics;
using System.Runtime.ExceptionServices;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Search;

/// <summary>Single queries of many callers at once, which share passes over one gallery.</summary>
/// <remarks>
/// One query reads the whole gallery, and memory bandwidth is no higher for two passes at a time. So a query that arrives during a pass
/// waits for its end, helps with it if a processor is free, and then shares the next pass with the other waiting queries. Up to
/// <see cref="QueryChunks.Most"/> wait for less than two passes, and each further group of that size for one more. The thread of one of the
/// queries makes the pass; no other is needed. A failed shared pass is repeated for each query alone, so a query fails only by its own
/// fault.
/// </remarks>
internal class SingleQueries(ScannedRows gallery)
{
    private readonly Gate _gate = new();
    private readonly List<SingleQuery> _waiting = [];
    private readonly RowScan _scan = new();

    // The queries of the pass under way; those of several, one after another. Beginning a pass allocates nothing that could fail.
    private readonly List<SingleQuery> _scanned = new(QueryChunks.Most);
    private BestRows[] _best = [];
    private float[] _queries = [];
    private Func<bool>? _isUnwanted;
    private bool _scanning;

    /// <summary>Queries that no pass has taken yet.</summary>
    public int Waiting
    {
        get
        {
            using (_gate.Enter()) return _waiting.Count;
        }
    }

    /// <summary>Finds the best rows of a query, on this thread and others.</summary>
    /// <param name="query">
    /// Its results are there afterwards. After an exception it must not be used again: a pass may still have it.
    /// </param>
    /// <exception cref="OperationCanceledException">Canceled. The thread that makes a pass for others comes back at its end.</exception>
    /// <exception cref="ThreadInterruptedException">Interrupted while it waited for a pass.</exception>
    public void Run(SingleQuery query)
    {
        query.Cancellation.ThrowIfCancellationRequested();
        RunOnce(query);
        query.Cancellation.ThrowIfCancellationRequested();
        if (query.Fault is null) return;
        if (query.WasShared)
        {
            query.BeginAlone();
            RunOnce(query);
            query.Cancellation.ThrowIfCancellationRequested();
        }
        if (query.Fault is not null) ExceptionDispatchInfo.Throw(query.Fault);
    }

    /// <summary>Offers all rows to some queries.</summary>
    /// <param name="queries">At least one.</param>
    /// <exception cref="OperationCanceledException">All are canceled.</exception>
    protected virtual void Scan(IReadOnlyList<SingleQuery> queries)
    {
        int count = queries.Count, dimension = gallery.Dimension;
        if (count == 1)
        {
            _scan.Run(gallery, queries[0].Unit, queries[0].Best, waits: false, queries[0].Cancellation);
            return;
        }
        if (_best.Length < count)
        {
            int room = (int)Math.Min(QueryChunks.Most, BitOperations.RoundUpToPowerOf2((uint)count));
            (_queries, _best) = (new float[room * dimension], new BestRows[room]);
        }
        for (int q = 0; q < count; q++)
        {
            queries[q].Unit.CopyTo(_queries, q * dimension);
            _best[q] = queries[q].Best[0];
        }
        try
        {
            _scan.Run(
                gallery, _queries.AsMemory(0, count * dimension), _best, waits: false, CancellationToken.None,
                _isUnwanted ??= AllAreCanceled);
        }
        finally
        {
            // Their owners decide what is kept of them.
            Array.Clear(_best);
        }
    }

    private static void Wake(Gate gate)
    {
        using Gate.Held held = gate.Enter();
        held.PulseAll();
    }

    private void RunOnce(SingleQuery query)
    {
        try
        {
            using (_gate.Enter()) _waiting.Add(query);
            using CancellationTokenRegistration wake = query.Cancellation.UnsafeRegister(static gate => Wake((Gate)gate!), _gate);
            while (true)
            {
                bool leads;
                using (_gate.Enter())
                {
                    if (query.IsDone) return;
                    query.Cancellation.ThrowIfCancellationRequested();
                    (leads, _scanning) = (!_scanning, true);
                }
                if (leads) Lead(query);
                else if (!_scan.TryHelp(query.Cancellation)) WaitForEnd(query);
            }
        }
        catch
        {
            using (_gate.Enter()) _waiting.Remove(query);
            throw;
        }
    }

    private void WaitForEnd(SingleQuery query)
    {
        using Gate.Held held = _gate.Enter();
        if (_scanning && !query.IsDone && !query.Cancellation.IsCancellationRequested) held.Wait();
    }

    private void Lead(SingleQuery leader)
    {
        Exception? fault = null;
        try
        {
            Gather(leader);
            Scan(_scanned);
        }
        catch (Exception e)
        {
            fault = e;
        }
        using Gate.Held held = _gate.Enter();
        foreach (SingleQuery query in _scanned) (query.WasShared, query.Fault, query.IsDone) = (_scanned.Count > 1, fault, true);
        _scanned.Clear();
        _scanning = false;
        held.PulseAll();
    }

    // The leader, and those who have waited longest.
    private void Gather(SingleQuery leader)
    {
        using Gate.Held held = _gate.Enter();
        _waiting.Remove(leader);
        _scanned.Add(leader);
        for (int i = 0; !leader.IsAlone && i < _waiting.Count && _scanned.Count < QueryChunks.Most;)
        {
            if (_waiting[i].IsAlone)
            {
                i++;
                continue;
            }
            _scanned.Add(_waiting[i]);
            _waiting.RemoveAt(i);
        }
    }

    // Changes only when nobody scans.
    private bool AllAreCanceled()
    {
        foreach (SingleQuery query in _scanned)
        {
            if (!query.Cancellation.IsCancellationRequested) return false;
        }
        return true;
    }
}
