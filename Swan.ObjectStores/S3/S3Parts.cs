using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Swan.ObjectStores.Remote;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.S3;

/// <summary>A multipart upload.</summary>
internal sealed class S3Parts(AmazonS3Client client, string bucket, string name, bool create, bool chunked) : PartUpload
{
    private readonly Dictionary<int, PartETag> _parts = [];
    private string? _id;

    public override async Task<bool> BeginAsync(Attempt attempt)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = bucket, Key = name };
        _id = (await client.InitiateMultipartUploadAsync(request, attempt.Token).ConfigureAwait(false)).UploadId;
        return true;
    }

    public override async Task<bool> PartAsync(int number, Stream body, Attempt attempt)
    {
        var request = new UploadPartRequest
        {
            BucketName = bucket, Key = name, UploadId = _id, PartNumber = number + 1, InputStream = body, PartSize = body.Length,
            UseChunkEncoding = chunked,
        };
        UploadPartResponse response = await client.UploadPartAsync(request, attempt.Token).ConfigureAwait(false);
        _parts[number] = new PartETag(response);
        return true;
    }

    public override async Task<PartsEnd> CompleteAsync(Attempt attempt)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = bucket, Key = name, UploadId = _id, PartETags = [.. _parts.OrderBy(p => p.Key).Select(p => p.Value)],
            IfNoneMatch = create ? "*" : null,
        };
        try
        {
            await client.CompleteMultipartUploadAsync(request, attempt.Token).ConfigureAwait(false);
            return PartsEnd.Written;
        }
        catch (AmazonS3Exception e) when (create && e.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return PartsEnd.Exists;
        }
        // S3 says of the second that the parts have to be sent again.
        catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchUpload" or "ConditionalRequestConflict")
        {
            return PartsEnd.Gone;
        }
    }

    public override async Task<bool> AbortAsync(Attempt attempt)
    {
        var request = new AbortMultipartUploadRequest { BucketName = bucket, Key = name, UploadId = _id };
        await client.AbortMultipartUploadAsync(request, attempt.Token).ConfigureAwait(false);
        return true;
    }
}
