using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;
using Swan.MLNet;
using Swan.VectorData.Collections;
using Swan.VectorData.Records;

namespace Swan.VectorData;

/// <summary>A folder of living indexes as a vector store: each collection is the index in a folder of its name.</summary>
/// <remarks>
/// <para>Collections of one name share an open index, which the store closes: dispose the store after the last answer. An index from
/// another program, such as <c>swan index build</c>, opens by its folder's name; see
/// <see cref="SwanVectorStoreCollection{TKey, TRecord}"/>.</para>
/// The store's errors are <see cref="VectorStoreException"/>, with the cause as inner exception. Safe for concurrent use.
/// <example>
/// <code>
/// using VectorStore store = new SwanVectorStore("stores/tiles");
/// VectorStoreCollection&lt;string, Tile&gt; tiles = store.GetCollection&lt;string, Tile&gt;("tiles");
/// await tiles.EnsureCollectionExistsAsync();
/// </code>
/// </example>
/// </remarks>
public sealed class SwanVectorStore : VectorStore
{
    internal const string NotForTrimming = "Records are read and written by reflection over their properties.";
    internal const string NotForNativeAot = "Embedding generators of a record's types are found by reflection.";

    private readonly string _folder;
    private readonly SwanVectorStoreOptions _options;
    private readonly Dictionary<string, CollectionFolder> _collections = new(StringComparer.Ordinal);
    private readonly VectorStoreMetadata _metadata;
    private readonly StoreFailures _failures;
    private bool _disposed;

    /// <summary>Opens a folder as a store.</summary>
    /// <param name="folder">The folder; creating the first collection creates it.</param>
    /// <param name="options">The options; null: the defaults.</param>
    /// <exception cref="ArgumentException">The path is empty or invalid.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    public SwanVectorStore(string folder, SwanVectorStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        FilePath.ThrowIfNotText(folder);
        options ??= new SwanVectorStoreOptions();
        options.Check();
        _folder = Path.GetFullPath(folder);
        _options = new SwanVectorStoreOptions
        {
            EmbeddingGenerator = options.EmbeddingGenerator,
            WriterTimeout = options.WriterTimeout,
            RefreshInterval = options.RefreshInterval,
        };
        _metadata = new VectorStoreMetadata { VectorStoreSystemName = StoreFailures.SystemName, VectorStoreName = _folder };
        _failures = new StoreFailures(_folder, null);
    }

    /// <summary>Gets a collection, which may not exist yet.</summary>
    /// <typeparam name="TKey">string, Guid, int or long.</typeparam>
    /// <typeparam name="TRecord">A class with a constructor without parameters.</typeparam>
    /// <param name="name">A name that a folder can have.</param>
    /// <param name="definition">Describes the record's properties; null: its attributes do.</param>
    /// <returns>The collection. It belongs to the store; disposing it does nothing.</returns>
    /// <exception cref="ArgumentException">The name is not valid, or the record is a dictionary.</exception>
    /// <exception cref="InvalidOperationException">The record's description is contradictory or incomplete.</exception>
    /// <exception cref="NotSupportedException">An index doesn't support a property; the message names it.</exception>
    [RequiresUnreferencedCode(NotForTrimming)]
    [RequiresDynamicCode(NotForNativeAot)]
    public override SwanVectorStoreCollection<TKey, TRecord> GetCollection<TKey, TRecord>(
        string name, VectorStoreCollectionDefinition? definition = null)
    {
        if (typeof(TRecord) == typeof(Dictionary<string, object?>))
            throw new ArgumentException("Use GetDynamicCollection for dictionary records.", nameof(TRecord));
        return Collection<TKey, TRecord>(name, definition);
    }

    /// <summary>Gets a collection of dictionaries, which may not exist yet.</summary>
    /// <param name="name">A name that a folder can have.</param>
    /// <param name="definition">The dictionaries' entries, each with its type.</param>
    /// <returns>The collection. It belongs to the store; disposing it does nothing.</returns>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    /// <exception cref="InvalidOperationException">The definition is contradictory or incomplete.</exception>
    /// <exception cref="NotSupportedException">An index doesn't support a property; the message names it.</exception>
    public override SwanVectorStoreCollection<object, Dictionary<string, object?>> GetDynamicCollection(
        string name, VectorStoreCollectionDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Collection<object, Dictionary<string, object?>>(name, definition);
    }

    /// <summary>Lists the names of the store's collections, in order.</summary>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <exception cref="VectorStoreException">The folder can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public override async IAsyncEnumerable<string> ListCollectionNamesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (string name in await RunAsync("ListCollectionNames", Names, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public override Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default)
    {
        CollectionFolder folder = Folder(name);
        return RunAsync("CollectionExists", () => folder.Exists, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    /// <exception cref="VectorStoreException">Another process writes the collection, or it can't be deleted.</exception>
    public override async Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default)
    {
        CollectionFolder folder = Folder(name);
        try
        {
            await Task.Run(() => folder.DeleteAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (StoreFailures.Is(e))
        {
            throw new StoreFailures(_folder, name).Of("EnsureCollectionDeleted", e);
        }
    }

    /// <summary>Returns the <see cref="VectorStoreMetadata"/> or the store itself.</summary>
    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(VectorStoreMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Closes the indexes of all collections of the store.</summary>
    /// <param name="disposing">Whether it is being disposed rather than finalized.</param>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_collections)
            {
                _disposed = true;
                foreach (CollectionFolder folder in _collections.Values) folder.Dispose();
            }
        }
        base.Dispose(disposing);
    }

    private SwanVectorStoreCollection<TKey, TRecord> Collection<TKey, TRecord>(string name, VectorStoreCollectionDefinition? definition)
        where TKey : notnull
        where TRecord : class
    {
        CollectionFolder folder = Folder(name);
        RecordModel model = RecordModel.Of(typeof(TRecord), typeof(TKey), definition, _options.EmbeddingGenerator);
        return new SwanVectorStoreCollection<TKey, TRecord>(_folder, name, folder, isOwn: false, model);
    }

    private CollectionFolder Folder(string name)
    {
        CollectionName.ThrowIfNone(name, nameof(name));
        lock (_collections)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_collections.TryGetValue(name, out CollectionFolder? folder))
            {
                folder = new CollectionFolder(Path.Combine(_folder, name), _options.RefreshInterval, _options.WriterTimeout);
                _collections.Add(name, folder);
            }
            return folder;
        }
    }

    private string[] Names() => !Directory.Exists(_folder) ? [] :
    [
        .. Directory.EnumerateDirectories(_folder).Where(CollectionFolder.IsIndex).Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal),
    ];

    private async Task<T> RunAsync<T>(string operation, Func<T> work, CancellationToken cancellation)
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
