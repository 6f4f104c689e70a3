using System.Buffers.Binary;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Swan.ObjectStores.Remote;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.Azure;

/// <summary>A blob that is written in blocks.</summary>
internal sealed class AzureParts(BlockBlobClient blob, BlobRequestConditions? conditions) : PartUpload
{
    private readonly Guid _upload = Guid.NewGuid();
    private readonly List<string> _blocks = [];

    public override Task<bool> BeginAsync(Attempt attempt) => Task.FromResult(true);

    public override async Task<bool> PartAsync(int number, Stream body, Attempt attempt)
    {
        string block = IdOf(number);
        await blob.StageBlockAsync(block, body, cancellationToken: attempt.Token).ConfigureAwait(false);
        _blocks.Add(block);
        return true;
    }

    public override async Task<PartsEnd> CompleteAsync(Attempt attempt)
    {
        var options = new CommitBlockListOptions { Conditions = conditions };
        try
        {
            await blob.CommitBlockListAsync(_blocks, options, attempt.Token).ConfigureAwait(false);
            return PartsEnd.Written;
        }
        catch (RequestFailedException e) when (conditions is not null && AzureBlobStore.Exists(e))
        {
            return PartsEnd.Exists;
        }
        // Another process that completes the same blob deletes all other blocks.
        catch (RequestFailedException e) when (e.ErrorCode == "InvalidBlockList")
        {
            return PartsEnd.Gone;
        }
    }

    // Azure deletes blocks by itself, and has no request for it.
    public override Task<bool> AbortAsync(Attempt attempt) => Task.FromResult(true);

    // All of one length, as Azure wants it.
    private string IdOf(int number)
    {
        byte[] id = new byte[20];
        _upload.TryWriteBytes(id);
        BinaryPrimitives.WriteInt32BigEndian(id.AsSpan(16), number);
        return Convert.ToBase64String(id);
    }
}
