using System.Security.Cryptography;

namespace Swan.Batch.Stores;

/// <summary>Checks before a job whether several processes can write to a store.</summary>
public static class StoreProbe
{
    // More than one chunk of those that SDKs cut an upload into.
    private const int Size = 200_000;

    /// <summary>Creates an object twice, reads it back, lists it and deletes it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Ends the wait; written objects may stay.</param>
    /// <exception cref="SwanBatchException">The store is not suitable; the message says why, and what to do.</exception>
    /// <remarks>
    /// Its key is <c>.swan-probe-</c> and a unique number. Some stores ignore the condition under which an object is created; others
    /// keep an upload's framing as its content.
    /// </remarks>
    public static async Task CheckAsync(ObjectStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        string key = $".swan-probe-{Guid.NewGuid():N}";
        byte[] first = RandomNumberGenerator.GetBytes(Size), second = RandomNumberGenerator.GetBytes(Size);
        try
        {
            string? fault;
            try
            {
                fault = await FaultAsync(store, key, first, second, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            }
            if (fault is null && await ReadAsync(store, key, cancellationToken).ConfigureAwait(false) is not null)
                fault = "an object that was deleted can still be read. Use a store without a cache in front of it";
            if (fault is null) return;
            throw new SwanBatchException($"{store.Address} is not suitable as the destination of a job: {fault}.");
        }
        catch (IOException e)
        {
            throw new SwanBatchException(
                $"{store.Address} can't be used as the destination of a job. {e.Message}", e is StoreException { MayPass: true }, e);
        }
    }

    private static async Task<string?> FaultAsync(
        ObjectStore store, string key, byte[] first, byte[] second, CancellationToken cancellation)
    {
        bool created = await CreateAsync(store, key, first, cancellation).ConfigureAwait(false);
        byte[]? kept = await ReadAsync(store, key, cancellation).ConfigureAwait(false);
        if (kept is null)
        {
            return "an object that was written can't be read afterward. Use a store whose writes are visible at once, and no cache "
                + "in front of it";
        }
        if (!kept.AsSpan().SequenceEqual(first))
        {
            return kept.AsSpan().IndexOf(first.AsSpan(0, 256)) > 0 || kept.Length > first.Length
                ? $"of {first.Length} written bytes, {kept.Length} come back: it keeps the framing of uploads as content. Switch "
                    + "chunked uploads off (in code: ObjectStoreOptions.ChunkedUploads), or use another version of the store"
                : $"other bytes come back than were written ({kept.Length} of {first.Length}). Look for something that changes them, "
                    + "such as a proxy";
        }
        if (!created)
        {
            return "it refuses to create an object under a free name. Use a store that supports conditional writes "
                + "(If-None-Match: *)";
        }

        bool again = await CreateAsync(store, key, second, cancellation).ConfigureAwait(false);
        kept = await ReadAsync(store, key, cancellation).ConfigureAwait(false);
        if (again || kept is null || !kept.AsSpan().SequenceEqual(first))
        {
            return "it ignores conditions: an object was created where one existed. Two processes could both believe that "
                + "they wrote it. Use a store that supports conditional writes (If-None-Match: *), a newer version of it, or a folder";
        }

        await foreach (StoredObject listed in store.ListAsync(key, cancellation).ConfigureAwait(false))
        {
            if (listed.Key == key && listed.Size == first.Length) return null;
        }
        return "a listing lacks an object that was written just before. Use a store whose listings are up to date";
    }

    private static async Task<bool> CreateAsync(ObjectStore store, string key, byte[] bytes, CancellationToken cancellation)
    {
        using var content = new MemoryStream(bytes, writable: false);
        return await store.CreateAsync(key, content, cancellation).ConfigureAwait(false);
    }

    private static async Task<byte[]?> ReadAsync(ObjectStore store, string key, CancellationToken cancellation)
    {
        using StoredContent? stored = await store.OpenAsync(key, cancellation).ConfigureAwait(false);
        if (stored is null) return null;
        using var bytes = new MemoryStream();
        await stored.Content.CopyToAsync(bytes, cancellation).ConfigureAwait(false);
        return bytes.ToArray();
    }
}
