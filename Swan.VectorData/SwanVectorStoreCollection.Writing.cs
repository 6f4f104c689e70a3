using Microsoft.Extensions.VectorData;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.VectorData;

public sealed partial class SwanVectorStoreCollection<TKey, TRecord>
{
    /// <inheritdoc cref="UpsertAsync(IEnumerable{TRecord}, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Cancels the write before it takes effect.</param>
    public override Task UpsertAsync(TRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return UpsertManyAsync([record], cancellationToken);
    }

    /// <summary>Adds records, or replaces those with the same keys: all or none.</summary>
    /// <remarks>Of several records with one key, the last is kept. Generated keys are set in the records.</remarks>
    /// <param name="records">The records.</param>
    /// <param name="cancellationToken">Cancels the write before it takes effect.</param>
    /// <exception cref="VectorStoreException">
    /// The collection doesn't exist, can't store a record, is being written by another process, or can't be written to.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public override Task UpsertAsync(IEnumerable<TRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        TRecord[] all = [.. records];
        if (Array.IndexOf(all, null) is >= 0 and int at) throw new ArgumentException($"Record {at} is null.", nameof(records));
        return all.Length == 0 ? Task.CompletedTask : UpsertManyAsync(all, cancellationToken);
    }

    /// <inheritdoc cref="DeleteAsync(IEnumerable{TKey}, CancellationToken)" path="/*[not(self::param)]"/>
    /// <param name="key">The key; if no record has it, nothing happens.</param>
    /// <param name="cancellationToken">Cancels the write before it takes effect.</param>
    public override Task DeleteAsync(TKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return DeleteManyAsync([key], cancellationToken);
    }

    /// <summary>Removes the records with some keys: all or none.</summary>
    /// <param name="keys">The keys; those without a record are skipped.</param>
    /// <param name="cancellationToken">Cancels the write before it takes effect.</param>
    /// <exception cref="VectorStoreException">
    /// The collection doesn't exist, is being written by another process, or can't be written to.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public override Task DeleteAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        TKey[] all = [.. keys];
        if (all.Any(key => key is null)) throw new ArgumentException("One of the keys is null.", nameof(keys));
        return all.Length == 0 ? Task.CompletedTask : DeleteManyAsync(all, cancellationToken);
    }

    private async Task UpsertManyAsync(TRecord[] records, CancellationToken cancellation)
    {
        const string operation = "Upsert";
        var keys = new string[records.Length];
        var values = new Dictionary<string, object?>[records.Length];
        object[] sources = await RunAsync(operation, () =>
        {
            Snapshot(operation).Dispose();
            for (int i = 0; i < records.Length; i++)
            {
                values[i] = _model.ValuesOf(records[i]);
                keys[i] = _model.Key.TextOf(records[i]);
            }
            return Task.FromResult(_model.Vector.ValuesOf(records));
        }, cancellation).ConfigureAwait(false);
        // Before waiting for the writer, because this may take long.
        ReadOnlyMemory<float>[] vectors = await _model.Vector.EmbedAsync(sources, cancellation).ConfigureAwait(false);
        await RunAsync(operation, async () =>
        {
            for (int i = 0; i < vectors.Length; i++)
            {
                if (_model.Vector.Fault(vectors[i]) is { } fault)
                    throw new ArgumentException($"The vector '{_model.Vector.Name}' of the record '{keys[i]}' {fault}");
            }
            await WriteAsync(operation, writer => Upsert(writer, keys, vectors, values, cancellation), cancellation).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
    }

    private void Upsert(
        SwanIndexWriter writer, string[] keys, ReadOnlyMemory<float>[] vectors, Dictionary<string, object?>[] values,
        CancellationToken cancellation)
    {
        if (_model.Missing(writer.Columns).FirstOrDefault() is { } missing)
            throw new ArgumentException($"The index has no column {missing} yet. Call EnsureCollectionExistsAsync to add it.");
        string[] foreign = [.. writer.Columns.Except(_model.Columns).Select(column => column.Name)];
        for (int i = 0; i < keys.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (foreign.Length > 0 && writer.Find(keys[i]) is { } before)
            {
                foreach (string column in foreign) values[i][column] = before.Values[column];
            }
            if (writer.Upsert(keys[i], vectors[i].Span, values[i]) != SwanRowChange.Skipped) continue;
            throw new ArgumentException(
                $"The vector '{_model.Vector.Name}' of the record '{keys[i]}' has no direction: a value is missing (NaN) or infinite, or "
                + "all are zero.");
        }
    }

    private Task DeleteManyAsync(TKey[] keys, CancellationToken cancellation)
    {
        const string operation = "Delete";
        return RunAsync(operation, async () =>
        {
            // A text that can't be a key has no record either.
            string[] texts = [.. keys.Select(key => _model.Key.TextOfKey(key)).Where(text => SwanIndexBuilder.KeyFault(text) is null)];
            await WriteAsync(operation, writer => writer.RemoveMany(texts, cancellation), cancellation).ConfigureAwait(false);
            return true;
        }, cancellation);
    }

    // All changes of this writer take effect at once, or none.
    private Task WriteAsync(string operation, Action<SwanIndexWriter> change, CancellationToken cancellation) =>
        _folder.WriteAsync(writer =>
        {
            if (writer is null) throw Missing(operation);
            // Another program may have created the index again.
            Snapshot(operation).Dispose();
            change(writer);
            writer.Commit(cancellation);
        }, cancellation);
}
