using Azure;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Blobs;
using Swan.Batch;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.Azure;

/// <summary>Makes the SDK's client, without its retries.</summary>
internal static class AzureClient
{
    /// <summary>The variable that Azure's own tools read.</summary>
    public const string ConnectionString = "AZURE_STORAGE_CONNECTION_STRING";

    /// <summary>Makes it.</summary>
    /// <param name="address">The container.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="http">Makes the requests; the caller's.</param>
    /// <exception cref="SwanBatchException">The environment says something else than the address.</exception>
    public static BlobContainerClient Create(AzureAddress address, StoreSettings options, HttpClient http)
    {
        var client = new BlobClientOptions { Transport = new HttpClientTransport(http) };
        client.Retry.MaxRetries = 0;
        client.Retry.NetworkTimeout = TimeSpan.FromDays(1);
        client.Diagnostics.IsTelemetryEnabled = false;
        Uri container = Container(address, options);
        if (address.Query.Length > 0) return new BlobContainerClient(container, new AzureSasCredential(address.Query), client);
        if (options.Anonymous) return new BlobContainerClient(container, client);
        if (options.Variable(ConnectionString) is not { Length: > 0 } text)
            return new BlobContainerClient(container, new DefaultAzureCredential(), client);
        BlobContainerClient named;
        try
        {
            named = new BlobContainerClient(text, address.Container, client);
        }
        // The SDK's message may show the string.
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new SwanBatchException(
                $"{address} can't be opened: {ConnectionString} is not a connection string. Copy it again from the account's page, or "
                + "unset it and sign in as Azure's own tools do.");
        }
        if (named.AccountName == address.Account) return named;
        throw new SwanBatchException(
            $"{address} can't be opened: {ConnectionString} is for the account '{named.AccountName}', and the address names "
            + $"'{address.Account}'. Correct one of them, or unset the variable.");
    }

    private static Uri Container(AzureAddress address, StoreSettings options)
    {
        Uri service = options.Endpoint ?? address.Service ?? new Uri($"https://{address.Account}.blob.core.windows.net");
        return new Uri($"{service.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(address.Container)}");
    }
}
