using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Swan.Batch.Stores;
using Swan.ObjectStores.Addresses;
using Swan.ObjectStores.Remote;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.Azure;

/// <summary>A container of Azure Blob Storage.</summary>
internal sealed class AzureBlobStore : RemoteStore
{
    private static readonly BlobRequestConditions s_isNew = new() { IfNoneMatch = ETag.All };

    private readonly AzureAddress _address;
    private readonly BlobContainerClient _container;
    private readonly HttpClient _http;

    public AzureBlobStore(AzureAddress address, StoreSettings options)
        : base(address.ToString(), address.Prefix, options, new Secrets(options.Variable, $"https://x/?{address.Query}"))
    {
        _address = address;
        _http = new HttpClient(new AttemptHandler(options)) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _container = AzureClient.Create(address, options, _http);
    }

    // Azure documents an alphabetical order, but not whose.
    protected override bool ListsInOrder => false;

    protected override int MaxParts => 50_000;

    /// <summary>Whether a blob is not created because there is one.</summary>
    public static bool Exists(RequestFailedException error) =>
        error.Status == 412 || error is { Status: 409, ErrorCode: "BlobAlreadyExists" };

    protected override async Task<ListedPage> PageAsync(string prefix, string? next, Attempt attempt)
    {
        AsyncPageable<BlobItem> blobs = _container.GetBlobsAsync(
            new GetBlobsOptions { Prefix = prefix.Length == 0 ? null : prefix }, attempt.Token);
        await foreach (Page<BlobItem> page in blobs.AsPages(next).ConfigureAwait(false))
        {
            return new ListedPage(
                [.. page.Values.Select(b => new StoredObject(b.Name, b.Properties.ContentLength ?? 0, Stamp(b.Properties.ETag)))],
                string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }
        return new ListedPage([], null);
    }

    protected override async Task<OpenedBody?> GetAsync(string name, Wanted wanted, Attempt attempt)
    {
        var options = new BlobDownloadOptions();
        if (wanted.IsPart) options.Range = new HttpRange(wanted.Start, wanted.End - wanted.Start);
        if (wanted.ETag is { } etag) options.Conditions = new BlobRequestConditions { IfMatch = new ETag(etag) };
        try
        {
            Response<BlobDownloadStreamingResult> response =
                await _container.GetBlobClient(name).DownloadStreamingAsync(options, attempt.Token).ConfigureAwait(false);
            BlobDownloadDetails details = response.Value.Details;
            (long size, long start) = OpenedBody.Whole(details.ContentRange, details.ContentLength);
            return OpenedBody.Of(response.Value.Content, response.Value, start, size, Stamp(details.ETag), attempt);
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode is not ("ContainerNotFound" or "ResourceNotFound"))
        {
            return null;
        }
    }

    protected override async Task<bool> PutAsync(string name, Stream body, bool create, Attempt attempt)
    {
        var options = new BlobUploadOptions
        {
            Conditions = create ? s_isNew : null,
            TransferOptions = new StorageTransferOptions { InitialTransferSize = int.MaxValue, MaximumConcurrency = 1 },
        };
        try
        {
            await _container.GetBlockBlobClient(name).UploadAsync(body, options, attempt.Token).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (create && Exists(e))
        {
            return false;
        }
    }

    protected override PartUpload InParts(string name, bool create) =>
        new AzureParts(_container.GetBlockBlobClient(name), create ? s_isNew : null);

    protected override async Task<bool> DeleteAsync(string name, Attempt attempt)
    {
        try
        {
            await _container.GetBlobClient(name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: attempt.Token)
                .ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode is not ("ContainerNotFound" or "ResourceNotFound"))
        {
            // It is gone, which is what was wanted.
        }
        return true;
    }

    protected override Fault? Judge(Exception error, Attempt attempt) => AzureFaults.Of(error, attempt, _address);

    protected override void Dispose(bool disposing)
    {
        _http.Dispose();
        base.Dispose(disposing);
    }

    // Listings have it without quotation marks, and answers with.
    private static string Stamp(ETag? etag) => Wanted.StampOf(etag?.ToString("H"));
}
