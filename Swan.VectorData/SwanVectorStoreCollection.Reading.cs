using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using Swan.VectorData.Collections;
using Swan.VectorData.Records;

namespace Swan.VectorData;

public sealed partial class SwanVectorStoreCollection<TKey, TRecord>
{
    private const int RowsAtOnce = 1024;

    /// <summary>Gets the record with a key; null if none has it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">Whether to include its vector; null: no.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="NotSupportedException">The vector is requested, but the value that it was made from is not stored.</exception>
    /// <exception cref="VectorStoreException">The collection doesn't exist or can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public override Task<TRecord?> GetAsync(
        TKey key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        bool includeVectors = RequireVectors(options?.IncludeVectors);
        return RunAsync("Get", () =>
        {
            using SwanIndexSnapshot snapshot = Snapshot("Get");
            return Task.FromResult(Find(snapshot, key, includeVectors));
        }, cancellationToken);
    }

    /// <summary>Gets the records with some keys, from one state and in the keys' order; skips keys without a record.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="options">Whether to include vectors; null: no.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <inheritdoc cref="GetAsync(TKey, RecordRetrievalOptions?, CancellationToken)" path="/exception"/>
    public override IAsyncEnumerable<TRecord> GetAsync(
        IEnumerable<TKey> keys, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        TKey[] all = [.. keys];
        if (all.Any(key => key is null)) throw new ArgumentException("One of the keys is null.", nameof(keys));
        bool includeVectors = RequireVectors(options?.IncludeVectors);
        return all.Length == 0 ? AsyncEnumerable.Empty<TRecord>() : GetManyAsync(all, includeVectors, cancellationToken);
    }

    /// <summary>Gets the records that pass a filter, from one state.</summary>
    /// <remarks>
    /// Without an order, records come in the index's order. Missing values sort before all others. Any comparison with a missing value is
    /// false, even <c>!=</c>; see <see cref="SwanFilter"/>.
    /// </remarks>
    /// <param name="filter">An expression over data properties.</param>
    /// <param name="top">How many, at least 1.</param>
    /// <param name="options">How many to skip, the order, and whether to include vectors; null: none, any order, no.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is less than 1.</exception>
    /// <exception cref="NotSupportedException">
    /// A part of the filter has no equivalent, a property has no order, or the vector is requested but its source value is not stored.
    /// </exception>
    /// <exception cref="VectorStoreException">The collection doesn't exist or can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public override IAsyncEnumerable<TRecord> GetAsync(
        Expression<Func<TRecord, bool>> filter, int top, FilteredRecordRetrievalOptions<TRecord>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        bool includeVectors = RequireVectors(options?.IncludeVectors);
        var order = new RecordOrder(
            _model,
            (options?.OrderBy?.Invoke(new FilteredRecordRetrievalOptions<TRecord>.OrderByDefinition()).Values ?? [])
                .Select(by => (_model.Selected(by.PropertySelector), by.Ascending)));
        return GetFilteredAsync(RecordFilter.Of(_model, filter), order, options?.Skip ?? 0, top, includeVectors, cancellationToken);
    }

    private async IAsyncEnumerable<TRecord> GetManyAsync(
        TKey[] keys, bool includeVectors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using SwanIndexSnapshot snapshot = await PinAsync("Get", cancellationToken).ConfigureAwait(false);
        foreach (TKey key in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Guarded("Get", () => Find(snapshot, key, includeVectors)) is { } record) yield return record;
        }
    }

    private async IAsyncEnumerable<TRecord> GetFilteredAsync(
        SwanFilter filter, RecordOrder order, int skip, int top, bool includeVectors,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using SwanIndexSnapshot snapshot = await PinAsync("Get", cancellationToken).ConfigureAwait(false);
        RequireColumns("Get", snapshot);
        List<int> rows = await RunAsync(
            "Get", () => Task.FromResult(Rows(snapshot.State, filter, order, skip, top, cancellationToken)), cancellationToken)
            .ConfigureAwait(false);
        foreach (int row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Guarded("Get", () => (TRecord)_model.RecordOf(snapshot.State.RowAt(row), includeVectors));
        }
    }

    private static List<int> Rows(
        IndexState state, SwanFilter filter, RecordOrder order, int skip, int top, CancellationToken cancellation)
    {
        var passes = new Wanted(1) { Mask = state.Mask(filter, cancellation) };
        IEnumerable<int> passing = Watched(state.Search.Scanned.InOrder(passes), cancellation);
        if (order.IsAny) return [.. passing.Skip(skip).Take(top)];
        IEnumerable<RecordOrder.Place> places = passing.Select(row => order.PlaceOf(row, state.KeyOf(row), state.ValuesOf(row)));
        return [.. order.First(places, skip, top).Select(place => place.Row)];
    }

    private static IEnumerable<int> Watched(IEnumerable<int> rows, CancellationToken cancellation)
    {
        int seen = 0;
        foreach (int row in rows)
        {
            if (seen++ % RowsAtOnce == 0) cancellation.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private TRecord? Find(SwanIndexSnapshot snapshot, TKey key, bool includeVectors) =>
        snapshot.TryGet(_model.Key.TextOfKey(key), out SwanRow? row) ? (TRecord)_model.RecordOf(row, includeVectors) : null;

    private bool RequireVectors(bool? asked)
    {
        if (asked == true && !_model.Vector.IsNative)
        {
            throw new NotSupportedException(
                $"IncludeVectors requests the vector '{_model.Vector.Name}', but that property holds the value to embed, which is not "
                + "stored. Store that value in a data property, or use a vector property with an embedding type.");
        }
        return asked == true;
    }

    // A filter on a column that doesn't exist yet looks the same as one on a misspelled column.
    private void RequireColumns(string operation, SwanIndexSnapshot snapshot)
    {
        if (_model.Missing(snapshot.Columns).FirstOrDefault() is { } missing)
            throw _failures.Of(operation, $"The index has no column {missing} yet. Call EnsureCollectionExistsAsync to add it.");
    }

    private T Guarded<T>(string operation, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (StoreFailures.Is(e))
        {
            throw _failures.Of(operation, e);
        }
    }
}
