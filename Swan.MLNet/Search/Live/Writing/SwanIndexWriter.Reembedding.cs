using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

public sealed partial class SwanIndexWriter
{
    private WorkingRows? _next;
    private SwanIndexReembedding? _reembedding;
    private bool _isReembeddingChanged;
    private SwanFormatException? _reembeddingFault;

    /// <summary>The re-embedding in progress, begun by this writer or an earlier one; null if none.</summary>
    /// <remarks>
    /// If its files are damaged or missing, it and <see cref="Commit"/> throw <see cref="SwanFormatException"/> until
    /// <see cref="SwanIndexReembedding.Abandon"/> drops it. The index's rows are not affected.
    /// </remarks>
    public SwanIndexReembedding? Reembedding
    {
        get
        {
            using Lock.Scope scope = Enter();
            return _reembedding;
        }
    }

    /// <summary>Begins or continues embedding all rows with another model.</summary>
    /// <remarks>
    /// The index answers with its present model until completion. <see cref="Commit"/> keeps the progress, so a later writer can continue.
    /// Rows that are added or get a new embedding meanwhile must be embedded with both models; <see cref="SwanIndexReembedding.Pending"/>
    /// includes those without an embedding by the new one.
    /// </remarks>
    /// <param name="model">The new model.</param>
    /// <param name="embeddingSize">The new model's D.</param>
    /// <param name="range">The range in which it reads images; null: the model's own, or unknown.</param>
    /// <param name="bands">The bands that it reads; null: those that the files mark, or unknown.</param>
    /// <param name="noData">The sample for no data; null: that of the files, or unknown.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size, the bands or the sample for no data is out of range.</exception>
    /// <exception cref="InvalidOperationException">A re-embedding to another model is in progress: complete or abandon it
    /// first.</exception>
    /// <exception cref="SwanFormatException">Files of the re-embedding in progress are damaged: abandon it first.</exception>
    public SwanIndexReembedding BeginReembedding(
        ModelIdentity model, int embeddingSize, SampleRange? range = null, IReadOnlyList<int>? bands = null, double? noData = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (embeddingSize is < 1 or > SegmentTable.MaxStride)
        {
            throw new ArgumentOutOfRangeException(
                nameof(embeddingSize), embeddingSize, $"Expected 1 to {SegmentTable.MaxStride:N0} values.");
        }
        if (ImageDecodingOptions.Faults(bands, noData, ImageDecodingOptions.Default.MinValidShare).FirstOrDefault() is { } fault)
            throw new ArgumentOutOfRangeException(nameof(bands), fault);
        using Lock.Scope scope = Enter();
        RequireReembedded();
        ManifestRows shape = ManifestShape.Rows(embeddingSize, model, GivenRange.Said(range, bands, noData), _rows.Shape.Scan);
        if (_reembedding is { } begun)
        {
            return _next!.Shape with { Segments = shape.Segments } == shape
                ? begun
                : throw new InvalidOperationException(
                    $"A re-embedding to {begun.Model} with {begun.EmbeddingSize:N0} values is in progress. Complete or abandon it first.");
        }
        _next = new WorkingRows(_folder, shape, []);
        _isReembeddingChanged = true;
        return _reembedding = new SwanIndexReembedding(this, model, embeddingSize);
    }

    internal (long Done, long Total) ReembeddedRows(SwanIndexReembedding reembedding)
    {
        using Lock.Scope scope = Enter(reembedding);
        return (_next!.Count, _rows.Count);
    }

    internal bool AddReembedded(SwanIndexReembedding reembedding, string key, ReadOnlySpan<float> embedding)
    {
        using Lock.Scope scope = Enter(reembedding);
        StoredKey stored = Key(key, nameof(key));
        if (embedding.Length != reembedding.EmbeddingSize)
        {
            throw new ArgumentException(
                $"The embedding has {embedding.Length:N0} values, but {reembedding.Model} makes {reembedding.EmbeddingSize:N0}.",
                nameof(embedding));
        }
        if (!_rows.TryFind(stored, out RowPlace place)) return false;
        float[] unit = new float[embedding.Length];
        if (!UnitVector.TryNormalize(embedding, unit))
        {
            throw new ArgumentException(
                $"The embedding of '{key}' has no direction: a value is missing (NaN) or infinite, or all are zero. Remove the row, or "
                + "leave it pending and complete without it.",
                nameof(embedding));
        }
        object?[] values = _columns.ValuesAt(_rows, place);
        _next!.Put(stored, _next.TryFind(stored, out RowPlace before) ? before : null, unit, values);
        SpillIfFull();
        return true;
    }

    // The rows that a reader of the last commit and of what is spilled sees, and that the new model has not embedded.
    internal IEnumerable<SwanRow> PendingRows(SwanIndexReembedding reembedding)
    {
        LiveSegment[] segments;
        using (Enter(reembedding))
        {
            Spill(_rows, CancellationToken.None);
            segments = _rows.Now();
            foreach (LiveSegment segment in segments) segment.Segment.TryEnter();
        }
        try
        {
            foreach (LiveSegment segment in segments)
            {
                using var pass = new RowsInOrder(segment.Segment);
                for (int row = 0; row < segment.Segment.Count; row++)
                {
                    if (segment.IsLive(row) && Pending(reembedding, segment.Segment.Keys.Text(row)) is { } pending) yield return pending;
                }
            }
        }
        finally
        {
            foreach (LiveSegment segment in segments) segment.Segment.Leave();
        }
    }

    internal long CompleteReembedding(SwanIndexReembedding reembedding, bool dropPending, CancellationToken cancellation)
    {
        using Lock.Scope scope = Enter(reembedding);
        long pending = _rows.Count - _next!.Count;
        if (pending > 0 && !dropPending)
        {
            throw new InvalidOperationException(
                $"{Counted.Of(pending, "row")} of {_rows.Count:N0} {Counted.Verb(pending, "has", "have")} no embedding of "
                + $"{reembedding.Model} yet. Add them, or complete without them (dropPending).");
        }
        Spill(_next, cancellation);
        cancellation.ThrowIfCancellationRequested();
        long generation = _manifest.Generation + 1;
        LiveSegment[] saved = _next.Save(generation);
        Publish(generation, _columns.All, Named(_next, saved), null, saved);
        _next.Commit(saved);
        _rows.Dispose();
        (_rows, _next, _reembedding, _isReembeddingChanged) = (_next, null, null, false);
        _unit = new float[_rows.Shape.EmbeddingSize];
        MakeSafe();
        RemoveUnnamed();
        BeginCompaction();
        return _manifest.Generation;
    }

    internal void AbandonReembedding(SwanIndexReembedding reembedding)
    {
        using Lock.Scope scope = Enter(reembedding, evenDamaged: true);
        // Its files are removed by the next commit, which no longer names them.
        _next?.Dispose();
        (_next, _reembedding, _reembeddingFault, _isReembeddingChanged) = (null, null, null, true);
    }

    private SwanRow? Pending(SwanIndexReembedding reembedding, string key)
    {
        using Lock.Scope scope = Enter(reembedding);
        StoredKey stored = StoredKey.Of(key);
        return _rows.TryFind(stored, out RowPlace place) && !_next!.TryFind(stored, out _)
            ? new SwanRow(key, _rows.Row(place).ToArray(), _columns.NamedAt(_rows, place))
            : null;
    }

    private Lock.Scope Enter(SwanIndexReembedding reembedding, bool evenDamaged = false)
    {
        Lock.Scope scope = Enter();
        try
        {
            if (_reembedding != reembedding) throw new InvalidOperationException("This re-embedding is already complete or abandoned.");
            if (!evenDamaged) RequireReembedded();
            return scope;
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    private void RequireReembedded()
    {
        if (_reembeddingFault is not { } fault) return;
        throw new SwanFormatException(
            $"The re-embedding to {_reembedding!.Model} can't continue, and its embeddings are not dropped automatically. Call Abandon "
            + $"of the writer's Reembedding and begin it again; searches are not affected. {fault.Message}",
            fault);
    }

    private void OpenReembedded()
    {
        if (_manifest.Reembedded is not { } reembedded) return;
        try
        {
            _next = new WorkingRows(_folder, reembedded, IndexState.OpenReembedded(_folder, reembedded));
        }
        catch (SwanFormatException e)
        {
            // Searchable rows are intact: only the re-embedding is refused.
            _reembeddingFault = e;
        }
        _reembedding = new SwanIndexReembedding(this, ManifestShape.Model(reembedded)!, reembedded.EmbeddingSize);
    }

    // Where the new model's row is, before anything is changed: finding it may find damage.
    private RowPlace? Reembedded(StoredKey key) => _next is not null && _next.TryFind(key, out RowPlace place) ? place : null;

    // The row changed or was removed, so the new model's embedding is no longer valid.
    private void Forget(StoredKey key, RowPlace? reembedded)
    {
        if (reembedded is { } place) _next!.Delete(key, place);
    }
}
