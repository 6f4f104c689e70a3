using Swan.Batch;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.ObjectStores.Addresses;
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
    /// <param name="options">Default null: all as <see cref="ObjectStoreOptions"/> says.</param>
    /// <returns>The store; the caller disposes it.</returns>
    /// <exception cref="SwanBatchException">It is the address of no store.</exception>
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
            var scheme => throw new SwanBatchException(
                $"'{StoreAddress.WithoutSecrets(address)}' is the address of no store: '{scheme}://' is not known. Expected "
                + "s3://bucket/prefix, az://account/container/prefix, https://… or a folder's path."),
        };
    }

    /// <summary>An address without user, password and query, in which secrets may stand, for messages.</summary>
    /// <param name="address">An address as <see cref="Open"/> takes it, or a key that is one.</param>
    public static string WithoutSecrets(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return StoreAddress.WithoutSecrets(address);
    }

    private static string LocalPath(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri is { IsFile: true, Host: "" or "localhost" }
            ? uri.LocalPath
            : throw new SwanBatchException($"'{address}' is no file of this machine. Expected file:///folder, or the folder's path.");
}
