using Swan.Batch;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.ObjectStores.Azure;
using Swan.ObjectStores.Http;
using Swan.ObjectStores.Requests;
using Swan.ObjectStores.S3;

namespace Swan.ObjectStores;

/// <summary>Opens object stores by their addresses.</summary>
public static class ObjectStores
{
    /// <summary>Opens a store; nothing is read yet.</summary>
    /// <param name="address">
    /// <c>s3://bucket/prefix</c>, <c>az://account/container/prefix</c> or that container's <c>https://</c> address, any other
    /// <c>https://</c> address (read only), <c>file://</c>, or a folder's path.
    /// </param>
    /// <param name="options">Default null: the defaults of <see cref="ObjectStoreOptions"/>.</param>
    /// <returns>The store; the caller disposes it.</returns>
    /// <exception cref="SwanBatchException">It is not the address of a store.</exception>
    /// <exception cref="SwanOptionsException">Options are out of range.</exception>
    public static ObjectStore Open(string address, ObjectStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        StoreSettings settings = (options ?? new ObjectStoreOptions()).Settings();
        return StoreAddress.SchemeOf(address) switch
        {
            "" => new FolderStore(address),
            "file" => new FolderStore(LocalPath(address)),
            "s3" => S3Address.Parse(address).Open(settings),
            "az" => AzureAddress.Parse(address).Open(settings),
            "http" or "https" => AzureAddress.TryParseWeb(address) is { } azure ? azure.Open(settings) : HttpStore.Open(address, settings),
            "gs" => throw new SwanBatchException(
                $"'{StoreAddress.WithoutSecrets(address)}' can't be opened: gs:// is not supported. Google's storage also speaks "
                + "the protocol of S3: give s3://bucket/prefix and the endpoint https://storage.googleapis.com (--endpoint), with an HMAC "
                + "key of Google's as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."),
            var scheme => throw new SwanBatchException(
                $"'{StoreAddress.WithoutSecrets(address)}' is not the address of a store: '{scheme}://' is unknown. Expected "
                + "s3://bucket/prefix, az://account/container/prefix, https://… or a folder's path."),
        };
    }

    /// <summary>Opens a store whose keys are whole addresses of objects in any stores; nothing is read yet.</summary>
    /// <remarks>For lists of addresses: <c>https://…</c>, <c>s3://bucket/key</c>, <c>az://account/container/key</c>. Read only.</remarks>
    /// <param name="options">Default null: the defaults of <see cref="ObjectStoreOptions"/>.</param>
    /// <returns>The store; the caller disposes it.</returns>
    /// <exception cref="SwanOptionsException">Options are out of range.</exception>
    public static ObjectStore OpenAddresses(ObjectStoreOptions? options = null)
    {
        ObjectStoreOptions given = options ?? new ObjectStoreOptions();
        _ = given.Settings();
        return new AddressStore(given);
    }

    /// <summary>Opens the store of a single object or file; nothing is read yet.</summary>
    /// <param name="address">An address as for <see cref="Open"/>, or a file's path.</param>
    /// <param name="key">The object's key in the store: the last part of its address.</param>
    /// <param name="options">Default null: the defaults of <see cref="ObjectStoreOptions"/>.</param>
    /// <returns>The store that begins one folder above the object; the caller disposes it.</returns>
    /// <exception cref="SwanBatchException">It is not the address of an object.</exception>
    /// <exception cref="SwanOptionsException">Options are out of range.</exception>
    public static ObjectStore OpenFolderOf(string address, out string key, ObjectStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        string scheme = StoreAddress.SchemeOf(address);
        if (scheme is "" or "file")
        {
            string path = Path.GetFullPath(scheme.Length == 0 ? address : LocalPath(address));
            key = Path.GetFileName(path);
            return key.Length > 0 ? new FolderStore(Path.GetDirectoryName(path)!) : throw NoObject(address);
        }
        int query = StoreAddress.IsWeb(address) ? address.IndexOfAny(['?', '#']) : -1;
        string plain = query < 0 ? address : address[..query];
        int slash = plain.LastIndexOf('/');
        key = plain[(slash + 1)..];
        if (StoreAddress.IsWeb(address)) key = Uri.UnescapeDataString(key);
        if (key.Length == 0 || slash < scheme.Length + "://".Length) throw NoObject(address);
        return Open(plain[..slash] + address[plain.Length..], options);
    }

    /// <summary>An address without user, password and query, which may contain secrets, for messages.</summary>
    /// <param name="address">An address as <see cref="Open"/> takes it, or a key that is one.</param>
    public static string WithoutSecrets(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return StoreAddress.WithoutSecrets(address);
    }

    private static SwanBatchException NoObject(string address) =>
        new($"'{StoreAddress.WithoutSecrets(address)}' names no file or object. Give its whole address, with its name at the end.");

    private static string LocalPath(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri is { IsFile: true, Host: "" or "localhost" }
            ? uri.LocalPath
            : throw new SwanBatchException($"'{address}' is not a file of this machine. Expected file:///folder, or the folder's path.");
}
