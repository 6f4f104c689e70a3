using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Swan.Batch.Stores;

namespace Swan.Batch.Runs;

/// <summary>A job's output as documents and lines.</summary>
/// <param name="store">Where it is.</param>
internal sealed class RunStore(ObjectStore store)
{
    public ObjectStore Objects => store;

    /// <summary>Reads a document; null where there is none.</summary>
    /// <exception cref="SwanBatchException">It is damaged.</exception>
    public async Task<T?> ReadAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken cancellation) where T : class
    {
        using StoredContent? stored = await store.OpenAsync(key, cancellation).ConfigureAwait(false);
        if (stored is null) return null;
        try
        {
            return await JsonSerializer.DeserializeAsync(stored.Content, type, cancellation).ConfigureAwait(false)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw Damaged(key, e);
        }
    }

    /// <summary>Writes a document unless there is one.</summary>
    /// <returns>Whether it is this one that is there now.</returns>
    public async Task<bool> CreateAsync<T>(string key, T document, JsonTypeInfo<T> type, CancellationToken cancellation) where T : class
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(document, type);
        using var content = new MemoryStream(bytes, writable: false);
        if (await store.CreateAsync(key, content, cancellation).ConfigureAwait(false)) return true;
        // The answer to a try before may have been lost.
        using StoredContent? stored = await store.OpenAsync(key, cancellation).ConfigureAwait(false);
        if (stored is null) return false;
        using var found = new MemoryStream();
        await stored.Content.CopyToAsync(found, cancellation).ConfigureAwait(false);
        return found.ToArray().AsSpan().SequenceEqual(bytes);
    }

    /// <summary>Writes a document in place of an earlier one.</summary>
    public async Task WriteAsync<T>(string key, T document, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document, type), writable: false);
        await store.WriteAsync(key, content, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads lines.</summary>
    /// <exception cref="SwanBatchException">There is no such object, or it is damaged.</exception>
    public async IAsyncEnumerable<T> LinesAsync<T>(
        string key, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellation) where T : class
    {
        using StoredContent stored = await store.OpenAsync(key, cancellation).ConfigureAwait(false)
            ?? throw Missing(key);
        await using var plain = new GZipStream(stored.Content, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        while (true)
        {
            T line;
            try
            {
                if (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is not { } text) yield break;
                line = JsonSerializer.Deserialize(text, type) ?? throw new JsonException("A line is null.");
            }
            catch (Exception e) when (e is JsonException or InvalidDataException)
            {
                throw Damaged(key, e);
            }
            yield return line;
        }
    }

    /// <summary>Copies an object into a file of this machine, which is gone when it is closed.</summary>
    /// <exception cref="SwanBatchException">There is no such object.</exception>
    public async Task<FileStream> FetchAsync(string key, CancellationToken cancellation) =>
        await TryFetchAsync(key, cancellation).ConfigureAwait(false) ?? throw Missing(key);

    /// <summary>The same; null where there is no such object.</summary>
    public async Task<FileStream?> TryFetchAsync(string key, CancellationToken cancellation)
    {
        using StoredContent? stored = await store.OpenAsync(key, cancellation).ConfigureAwait(false);
        if (stored is null) return null;
        FileStream file = LocalFile.Create();
        try
        {
            await stored.Content.CopyToAsync(file, cancellation).ConfigureAwait(false);
            await file.FlushAsync(cancellation).ConfigureAwait(false);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The error for an object that should be there.</summary>
    public SwanBatchException Missing(string key) => new($"'{key}' is missing in '{store.Address}': something was deleted there. Restore "
        + "it, or choose another output.");

    /// <summary>The keys that begin so.</summary>
    public async Task<List<string>> KeysAsync(string prefix, CancellationToken cancellation)
    {
        var keys = new List<string>();
        await foreach (StoredObject stored in store.ListAsync(prefix, cancellation).ConfigureAwait(false)) keys.Add(stored.Key);
        return keys;
    }

    /// <summary>Deletes all objects whose keys begin so.</summary>
    public async Task DeleteAllAsync(string prefix, CancellationToken cancellation)
    {
        foreach (string key in await KeysAsync(prefix, cancellation).ConfigureAwait(false))
            await store.DeleteAsync(key, cancellation).ConfigureAwait(false);
    }

    /// <summary>The error for an object that can't be what was written.</summary>
    public SwanBatchException Damaged(string key, Exception cause) => new(
        $"'{key}' in '{store.Address}' is damaged: {cause.Message} Restore it, or choose another output.", innerException: cause);
}
