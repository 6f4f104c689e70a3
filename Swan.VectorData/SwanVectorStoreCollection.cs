using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.VectorData;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using Swan.VectorData.Collections;
using Swan.VectorData.Records;

namespace Swan.VectorData;

/// <summary>A living index as a collection of records.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Key</term><description>string, Guid, int or long. Empty Guid keys are generated unless the description says otherwise.
/// </description></item>
/// <item><term>Data</term><description>string, bool, .NET's numbers, DateTime, DateTimeOffset, DateOnly, SwanPoint and SwanBox, each in a
/// column of its StorageName. A value that a column can't store exactly is refused. Dates come back in UTC. A missing value leaves a
/// non-nullable property as the record's constructor set it.</description></item>
/// <item><term>Vector</term><description>One: ReadOnlyMemory&lt;float&gt;, float[] or Embedding&lt;float&gt;, or a value that an embedding
/// generator embeds; the value itself is not stored. Vectors come back at unit length.</description></item>
/// <item><term>Scores</term><description>Cosine similarity (default), cosine distance, or dot product for vectors of unit length.
/// </description></item>
/// <item><term>Index</term><description>Search is exact for every kind of index. With <see cref="IndexKind.QuantizedFlat"/>, a search reads
/// bytes first and returns the same results.</description></item>
/// </list>
/// <para>A write takes effect completely or not at all. It is on disk when its task ends, which takes some ten milliseconds: upsert
/// batches, not records. It holds the index's writer while it runs. Columns that the record doesn't have keep their values. Reads never
/// wait for writes; a search or query reads one state, even while it is enumerated.</para>
/// The index's errors are <see cref="VectorStoreException"/>, with the cause as inner exception. Safe for concurrent use.
/// </remarks>
/// <typeparam name="TKey">The key's type, or object.</typeparam>
/// <typeparam name="TRecord">A class with a constructor without parameters, or Dictionary&lt;string, object?&gt;.</typeparam>
public sealed partial class SwanVectorStoreCollection<TKey, TRecord> : VectorStoreCollection<TKey, TRecord>
    where TKey : notnull
    where TRecord : class
{
    private readonly CollectionFolder _folder;
    private readonly bool _isOwn;
    private readonly RecordModel _model;
    private readonly StoreFailures _failures;
    private readonly VectorStoreCollectionMetadata _metadata;

    /// <summary>Makes a collection outside of a store.</summary>
    /// <param name="folder">The parent folder of the collection's folder.</param>
    /// <param name="name">A name that a folder can have.</param>
    /// <param name="options">The options; null: the defaults and the record's attributes.</param>
    /// <exception cref="ArgumentException">The name or the path is not valid.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="InvalidOperationException">The record's description is contradictory or incomplete.</exception>
    /// <exception cref="NotSupportedException">An index doesn't support a property; the message names it.</exception>
    [RequiresUnreferencedCode(SwanVectorStore.NotForTrimming)]
    [RequiresDynamicCode(SwanVectorStore.NotForNativeAot)]
    public SwanVectorStoreCollection(string folder, string name, SwanVectorStoreCollectionOptions? options = null)
        : this(Checked(folder), name, options ??= new SwanVectorStoreCollectionOptions(), isOwn: true)
    {
    }

    private SwanVectorStoreCollection(string folder, string name, SwanVectorStoreCollectionOptions options, bool isOwn)
        : this(folder, name, Folder(folder, name, options), isOwn,
            RecordModel.Of(typeof(TRecord), typeof(TKey), options.Definition, options.EmbeddingGenerator))
    {
    }

    internal SwanVectorStoreCollection(string store, string name, CollectionFolder folder, bool isOwn, RecordModel model)
    {
        (Name, _folder, _isOwn, _model, _failures) = (name, folder, isOwn, model, new StoreFailures(store, name));
        _metadata = new VectorStoreCollectionMetadata
        {
            VectorStoreSystemName = StoreFailures.SystemName, VectorStoreName = store, CollectionName = name,
        };
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) =>
        RunAsync("CollectionExists", () => Task.FromResult(_folder.Exists), cancellationToken);

    /// <summary>Creates the index if it doesn't exist; otherwise adds the record's columns that it lacks.</summary>
    /// <param name="cancellationToken">Cancels the wait for a writer.</param>
    /// <exception cref="VectorStoreException">
    /// The index has other dimensions, a column of another type, or embeddings of another model; is being written by another process; or
    /// can't be written to.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default)
    {
        const string operation = "EnsureCollectionExists";
        return RunAsync(operation, async () =>
        {
            await _folder.CreateAsync(_model.Settings(), cancellationToken).ConfigureAwait(false);
            using (SwanIndexSnapshot snapshot = Snapshot(operation))
            {
                if (!_model.Missing(snapshot.Columns).Any()) return true;
            }
            await WriteAsync(operation, writer =>
            {
                foreach (SwanColumn column in _model.Missing(writer.Columns)) writer.AddColumn(column);
            }, cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="VectorStoreException">Another process writes the collection, or it can't be deleted.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) =>
        RunAsync("EnsureCollectionDeleted", async () =>
        {
            await _folder.DeleteAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <summary>
    /// Returns the <see cref="VectorStoreCollectionMetadata"/>, the collection itself or, if it exists, its <see cref="SwanLiveIndex"/> for
    /// snapshots, near-duplicates, verification and other features outside the contract.
    /// </summary>
    /// <remarks>The index belongs to the store.</remarks>
    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(VectorStoreCollectionMetadata)) return _metadata;
        if (serviceType == typeof(SwanLiveIndex)) return _folder.Index();
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Closes the index of a collection outside of a store.</summary>
    /// <param name="disposing">Whether it is being disposed rather than finalized.</param>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _isOwn) _folder.Dispose();
        base.Dispose(disposing);
    }

    private static string Checked(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        FilePath.ThrowIfNotText(folder);
        return Path.GetFullPath(folder);
    }

    private static CollectionFolder Folder(string folder, string name, SwanVectorStoreCollectionOptions options)
    {
        CollectionName.ThrowIfNone(name, nameof(name));
        options.Check();
        return new CollectionFolder(Path.Combine(folder, name), options.RefreshInterval, options.WriterTimeout);
    }

    private VectorStoreException Missing(string operation) => _failures.Of(
        operation, $"There is no collection '{Name}' in '{_metadata.VectorStoreName}'. Call EnsureCollectionExistsAsync first.");

    // The latest state, which the caller disposes.
    private SwanIndexSnapshot Snapshot(string operation)
    {
        SwanIndexSnapshot snapshot = _folder.Snapshot() ?? throw Missing(operation);
        if (_model.Misfit(snapshot) is not { } fault) return snapshot;
        snapshot.Dispose();
        throw _failures.Of(operation, $"The index in '{_folder.Path}' doesn't fit these records. {fault}");
    }

    private Task<SwanIndexSnapshot> PinAsync(string operation, CancellationToken cancellation) =>
        RunAsync(operation, () => Task.FromResult(Snapshot(operation)), cancellation);

    // The work runs off the caller's thread, because it reads and writes files and computes.
    private async Task<T> RunAsync<T>(string operation, Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(work, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (StoreFailures.Is(e))
        {
            throw _failures.Of(operation, e);
        }
    }
}
