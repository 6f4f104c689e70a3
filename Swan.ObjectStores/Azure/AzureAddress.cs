using Swan.Batch;
using Swan.Batch.Stores;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.Azure;

/// <summary>A container, and what the names of its blobs begin with.</summary>
/// <param name="Account">The storage account.</param>
/// <param name="Container">The container.</param>
/// <param name="Prefix">Empty, or ends with a slash.</param>
/// <param name="Service">The blob service's address; null: Azure's own for the account.</param>
/// <param name="Query">A shared access signature as the address has it, secret; empty: none.</param>
internal sealed record AzureAddress(string Account, string Container, string Prefix, Uri? Service, string Query)
{
    private const string Scheme = "az://";

    private static readonly string[] s_hosts = [".blob.core.", ".blob.storage.azure.net"];

    /// <summary>Reads <c>az://account/container/prefix</c>.</summary>
    /// <exception cref="SwanBatchException">It is not such an address.</exception>
    public static AzureAddress Parse(string address)
    {
        string shown = StoreAddress.WithoutSecrets(address);
        if (shown.Length != address.Length)
        {
            throw new SwanBatchException(
                $"The address of '{shown}' contains credentials, which az:// addresses can't have. Remove them, and set "
                + $"{AzureClient.ConnectionString}, or sign in as Azure's own tools do.");
        }
        string[] parts = address[Scheme.Length..].Split('/', 3);
        if (parts.Length < 2 || parts[0].Length == 0 || parts[1].Length == 0)
            throw new SwanBatchException($"'{shown}' names no container. Expected az://account/container or "
                + "az://account/container/prefix.");
        return new AzureAddress(parts[0], parts[1], PrefixOf(parts.Length < 3 ? "" : parts[2], address), null, "");
    }

    /// <summary>Reads a container's web address; null if the server is not Azure's.</summary>
    /// <exception cref="SwanBatchException">It names no container.</exception>
    public static AzureAddress? TryParseWeb(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || !IsAzure(uri)) return null;
        string[] parts = Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/').Split('/', 2);
        string shown = StoreAddress.WithoutSecrets(address);
        if (parts[0].Length == 0)
            throw new SwanBatchException($"'{shown}' names no container. Expected https://account.blob.core.windows.net/container/prefix.");
        return new AzureAddress(
            uri.Host[..uri.Host.IndexOf('.', StringComparison.Ordinal)], parts[0], PrefixOf(parts.Length < 2 ? "" : parts[1], shown),
            new Uri(uri.GetLeftPart(UriPartial.Authority)), uri.Query.TrimStart('?'));
    }

    /// <summary>Whether a server is one of Azure's.</summary>
    public static bool IsAzure(Uri uri) => s_hosts.Any(host => uri.Host.Contains(host, StringComparison.OrdinalIgnoreCase));

    public override string ToString()
    {
        string start = Service is null ? $"{Scheme}{Account}" : StoreAddress.WithoutSecrets(Service.AbsoluteUri).TrimEnd('/');
        return $"{start}/{Container}/{Prefix}".TrimEnd('/');
    }

    public AzureBlobStore Open(StoreSettings options) => new(this, options);

    private static string PrefixOf(string prefix, string address)
    {
        if (prefix.Length > 0 && !prefix.EndsWith('/')) prefix += "/";
        if (prefix.Length > 0) StoreKey.Check(prefix, address);
        return prefix;
    }
}
