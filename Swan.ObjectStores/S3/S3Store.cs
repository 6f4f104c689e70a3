using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Swan.Batch.Stores;
using Swan.ObjectStores.Addresses;
using Swan.ObjectStores.Remote;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.S3;

/// <summary>A bucket of S3, or of a store that speaks its protocol.</summary>
internal sealed class S3Store : RemoteStore
{
    // Buckets of that kind list in no order.
    private const string DirectoryBucket = "--x-s3";

    private readonly S3Address _address;
    private readonly AmazonS3Client _client;
    private readonly HttpClient _http;
    private readonly bool _chunked;

    public S3Store(S3Address address, StoreSettings options)
        : base(address.ToString(), address.Prefix, options, new Secrets(options.Variable))
    {
        _address = address;
        _chunked = S3Client.IsChunked(options);
        ListsInOrder = options.Endpoint is null && !address.Bucket.EndsWith(DirectoryBucket, StringComparison.Ordinal);
        _http = new HttpClient(new AttemptHandler(options)) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _client = S3Client.Create(options, Address, _http);
    }

    protected override bool ListsInOrder { get; }

    protected override int MaxParts => 10_000;

    protected override async Task<ListedPage> PageAsync(string prefix, string? next, Attempt attempt)
    {
        var request = new ListObjectsV2Request { BucketName = _address.Bucket, Prefix = prefix, ContinuationToken = next };
        ListObjectsV2Response page = await _client.ListObjectsV2Async(request, attempt.Token).ConfigureAwait(false);
        return new ListedPage(
            [.. (page.S3Objects ?? []).Select(o => new StoredObject(o.Key, o.Size ?? 0, Wanted.StampOf(o.ETag)))],
            page.IsTruncated == true ? page.NextContinuationToken : null);
    }

    // Only a response with a body has the reason, such as a missing bucket.
    protected override async Task<OpenedBody?> HeadAsync(string name, Attempt attempt)
    {
        try
        {
            GetObjectMetadataResponse response =
                await _client.GetObjectMetadataAsync(_address.Bucket, name, attempt.Token).ConfigureAwait(false);
            return new OpenedBody(Stream.Null, Stream.Null) { Size = response.ContentLength, Stamp = Wanted.StampOf(response.ETag) };
        }
        catch (AmazonS3Exception e) when ((int)e.StatusCode is >= 400 and < 500)
        {
            return await base.HeadAsync(name, attempt).ConfigureAwait(false);
        }
    }

    protected override async Task<OpenedBody?> GetAsync(string name, Wanted wanted, Attempt attempt)
    {
        var request = new GetObjectRequest { BucketName = _address.Bucket, Key = name, EtagToMatch = wanted.ETag };
        if (wanted.IsPart) request.ByteRange = new ByteRange(wanted.Range);
        try
        {
            GetObjectResponse response = await _client.GetObjectAsync(request, attempt.Token).ConfigureAwait(false);
            (long size, long start) = OpenedBody.Whole(response.ContentRange, response.Headers.ContentLength);
            return OpenedBody.Of(response.ResponseStream, response, start, size, Wanted.StampOf(response.ETag), attempt);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    protected override async Task<bool> PutAsync(string name, Stream body, bool create, Attempt attempt)
    {
        var request = new PutObjectRequest
        {
            BucketName = _address.Bucket, Key = name, InputStream = body, AutoCloseStream = false, UseChunkEncoding = _chunked,
            IfNoneMatch = create ? "*" : null,
        };
        try
        {
            await _client.PutObjectAsync(request, attempt.Token).ConfigureAwait(false);
            return true;
        }
        catch (AmazonS3Exception e) when (create && e.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    protected override PartUpload InParts(string name, bool create) => new S3Parts(_client, _address.Bucket, name, create, _chunked);

    protected override async Task<bool> DeleteAsync(string name, Attempt attempt)
    {
        try
        {
            await _client.DeleteObjectAsync(_address.Bucket, name, attempt.Token).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            // Some stores say so instead of nothing.
        }
        return true;
    }

    protected override Fault? Judge(Exception error, Attempt attempt) => S3Faults.Of(error, attempt, _address);

    protected override void Dispose(bool disposing)
    {
        _client.Dispose();
        _http.Dispose();
        base.Dispose(disposing);
    }
}
