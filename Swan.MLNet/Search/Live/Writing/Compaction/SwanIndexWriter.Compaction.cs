using Swan.MLNet.Metadata;

namespace Swan.MLNet.Search;

public sealed partial class SwanIndexWriter
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _merging = new();
    private Task _background = Task.CompletedTask;

    /// <summary>The error that ended the last background compaction, such as a full disk; null if none.</summary>
    /// <remarks>The index is still complete, and the next commit begins another compaction.</remarks>
    public Exception? CompactionFault { get; private set; }

    /// <summary>Writes the committed rows into as few files as possible, without the deleted ones; readers go on meanwhile.</summary>
    /// <remarks>Rows committed meanwhile are left for the next time.</remarks>
    /// <param name="progress">Receives the approximate number of bytes written.</param>
    /// <param name="cancellationToken">Cancels the work; files already merged stay merged.</param>
    /// <exception cref="IOException">
    /// The disk is full or can't be written to. Files already merged stay merged, and the index's rows are unchanged.
    /// </exception>
    /// <exception cref="SwanFormatException">The stored data is damaged; the index is unchanged.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Compact(IProgress<SwanIndexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        HashSet<string> begun;
        long done = 0, total;
        using (Enter())
        {
            LiveSegment[] segments = [.. _rows.Committed, .. _next?.Committed ?? []];
            begun = [.. segments.Select(segment => segment.Named.File)];
            total = segments.Sum(segment => segment.LiveBytes);
        }
        while (MergeNext(segments => CompactionPlan.NextOfAll(segments, begun), cancellationToken) is { } merged)
        {
            done += merged;
            // Outside of any lock: the caller's code may use the writer on another thread.
            progress?.Report(new SwanIndexProgress(done, Math.Max(done, total)));
        }
    }

    /// <summary>Merges in the foreground what a background compaction would, for writers that live for only one commit.</summary>
    /// <inheritdoc cref="Compact" path="/exception"/>
    internal void CompactTiers(CancellationToken cancellation)
    {
        while (MergeNext(CompactionPlan.Next, cancellation) is not null)
        {
            // Until there is nothing left to do.
        }
    }

    // After a commit, by whoever holds the gate.
    private void BeginCompaction()
    {
        if (!_options.CompactInBackground || !_background.IsCompleted) return;
        if (CompactionPlan.Next(_rows.Committed) is null && (_next is null || CompactionPlan.Next(_next.Committed) is null)) return;
        CompactionFault = null;
        _background = Task.Run(() =>
        {
            try
            {
                CompactTiers(_ending.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                // The writer is disposed.
            }
            catch (Exception e)
            {
                CompactionFault = e;
            }
        });
    }

    private void EndCompaction()
    {
        _ending.Cancel();
        Task background;
        using (_gate.EnterScope()) background = _background;
        background.Wait();
    }

    // Merges what a plan says. Returns the bytes that were merged; null where the plan has nothing to do.
    private long? MergeNext(Func<IReadOnlyList<LiveSegment>, (int First, int Count)?> plan, CancellationToken cancellation)
    {
        // One at a time: another one's sources would be gone.
        using Lock.Scope turn = _merging.EnterScope();
        (WorkingRows Rows, Merge Merge, SwanColumn[] Columns, string Name) begun;
        using (Enter())
        {
            if (Begin(plan, _rows) is { } first) begun = first;
            else if (_next is not null && Begin(plan, _next) is { } second) begun = second;
            else return null;
        }
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ending.Token);
            Write(begun.Rows, begun.Merge, begun.Columns, begun.Name, either.Token);
            using Lock.Scope scope = _gate.EnterScope();
            // The re-embedding was completed or abandoned meanwhile.
            if (begun.Rows == _rows || begun.Rows == _next)
            {
                Finish(begun.Rows, begun.Merge);
                MakeSafe();
            }
            else
            {
                begun.Merge.Result?.Leave();
            }
            return begun.Merge.Sources.Sum(source => source.LiveBytes);
        }
        finally
        {
            foreach (LiveSegment source in begun.Merge.Sources) source.Segment.Leave();
            using Lock.Scope scope = _gate.EnterScope();
            _writing.Remove(begun.Name);
            RemoveUnnamed();
        }
    }

    private (WorkingRows, Merge, SwanColumn[], string)? Begin(
        Func<IReadOnlyList<LiveSegment>, (int First, int Count)?> plan, WorkingRows rows)
    {
        if (plan(rows.Committed) is not { } chosen) return null;
        LiveSegment[] sources = rows.Committed[chosen.First..(chosen.First + chosen.Count)];
        foreach (LiveSegment source in sources) source.Segment.TryEnter();
        string name = IndexFolder.SegmentName(_nextSegment++);
        _writing.Add(name);
        return (rows, new Merge(sources), _columns.All[.._manifest.Columns.Count], name);
    }

    private void Write(WorkingRows rows, Merge merge, SwanColumn[] columns, string name, CancellationToken cancellation)
    {
        var merged = new MergedRows(merge.Sources, columns);
        if (merged.Count == 0) return;
        using var pass = new RowsInOrder(merge.Sources.Select(source => source.Segment));
        ManifestSegment named = SegmentBuilder.Write(_folder, name, rows.Shape, columns, merged, cancellation);
        merge.Result = Segment.Open(_folder, named, rows.Shape);
    }

    private void Finish(WorkingRows rows, Merge merge)
    {
        long generation = _manifest.Generation + 1;
        LiveSegment[] committed = merge.Replaced(rows.Committed);
        try
        {
            for (int i = 0; i < committed.Length; i++)
            {
                if (committed[i] is not { Deleted: { } deleted, DeletedFile: null } segment) continue;
                string name = IndexFolder.DeletedName(segment.Segment.Named.File, generation);
                committed[i] = segment with { DeletedFile = DeletedRows.Write(_folder, name, deleted) };
            }
            ManifestRows named = Named(rows, committed);
            if (rows == _rows) Publish(generation, _columns.All[.._manifest.Columns.Count], named, _manifest.Reembedded, committed);
            else Publish(generation, _columns.All[.._manifest.Columns.Count], _manifest.Rows, named, _rows.Committed);
        }
        catch
        {
            merge.Result?.Leave();
            throw;
        }
        rows.Replace(merge, committed);
    }
}
