using System.Runtime.ExceptionServices;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Single queries of many callers at once, which share passes over one gallery.</summary>
/// <remarks>
/// One query reads the whole gallery, and memory is as fast for one pass as for two at a time. So a query that comes while a pass is under
/// way waits for its end, helps with it where there is a processor, and then shares the next pass with all that came meanwhile: it waits
/// for less than two passes, however many callers there are. The thread of one of the queries makes the pass; no other is needed.
/// </remarks>
internal sealed class SingleQueries(EmbeddingBlocks gallery)
{
    private readonly object _gate = new();
    private readonly List<SingleQuery> _waiting = [];
    private readonly RowScan _scan = new();

    // The queries of the pass under way; those of several, one after another.
    private readonly List<SingleQuery> _scanned = [];
    private BestRows[] _best = [];
    private float[] _queries = [];
    private bool _scanning;

    /// <summary>Finds the best rows of a query, on this thread and others.</summary>
    /// <param name="query">Its results are there afterwards.</param>
    /// <exception cref="OperationCanceledException">Canceled. The query must not be used again: a pass may still have it.</exception>
    public void Run(SingleQuery query)
    {
        query.Cancellation.ThrowIfCancellationRequested();
        lock (_gate) _waiting.Add(query);
        using CancellationTokenRegistration wake = query.Cancellation.UnsafeRegister(static gate => Wake(gate!), _gate);
        while (true)
        {
            bool leads = false;
            lock (_gate)
            {
                if (query.IsDone) break;
                if (query.Cancellation.IsCancellationRequested)
                {
                    _waiting.Remove(query);
                    query.Cancellation.ThrowIfCancellationRequested();
                }
                if (!_scanning) leads = _scanning = true;
            }
            if (leads) Lead();
            else if (!_scan.TryHelp()) WaitForEnd(query);
        }
        if (query.Fault is { } fault) ExceptionDispatchInfo.Throw(fault);
    }

    private static void Wake(object gate)
    {
        lock (gate) Monitor.PulseAll(gate);
    }

    private void WaitForEnd(SingleQuery query)
    {
        lock (_gate)
        {
            if (_scanning && !query.IsDone && !query.Cancellation.IsCancellationRequested) Monitor.Wait(_gate);
        }
    }

    private void Lead()
    {
        lock (_gate)
        {
            int count = Math.Min(_waiting.Count, QueryChunks.Most);
            for (int q = 0; q < count; q++) _scanned.Add(_waiting[q]);
            _waiting.RemoveRange(0, count);
        }
        Exception? fault = null;
        try
        {
            Scan();
        }
        catch (Exception e)
        {
            fault = e;
        }
        lock (_gate)
        {
            foreach (SingleQuery query in _scanned) (query.IsDone, query.Fault) = (true, fault);
            _scanned.Clear();
            _scanning = false;
            Monitor.PulseAll(_gate);
        }
    }

    private void Scan()
    {
        if (_scanned.Count == 1)
        {
            SingleQuery only = _scanned[0];
            _scan.Run(gallery, only.Unit, only.Best, waits: false, only.Cancellation);
            return;
        }
        int dimension = gallery.EmbeddingSize;
        if (_best.Length < _scanned.Count) (_queries, _best) = (new float[_scanned.Count * dimension], new BestRows[_scanned.Count]);
        for (int q = 0; q < _scanned.Count; q++)
        {
            _scanned[q].Unit.CopyTo(_queries, q * dimension);
            _best[q] = _scanned[q].Best[0];
        }
        // One caller who cancels leaves; the others go on.
        _scan.Run(gallery, _queries.AsMemory(0, _scanned.Count * dimension), _best, waits: false, CancellationToken.None);
    }
}
