using Swan.Batch.Stores;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Sources;

/// <summary>The bytes of an image in an archive: what is wrong with them is the image's fault, and no reason to stop.</summary>
/// <param name="content">The bytes.</param>
/// <param name="key">The image.</param>
internal sealed class PackedStream(Stream content, string key) : ForwardStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (FaultOf(e, key) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>What an error says of the image; null where it is the store's.</summary>
    public static SwanImageException? FaultOf(IOException error, string key) => error switch
    {
        StoreException { Failure: StoreFailure.Damaged } or EndOfStreamException =>
            new SwanImageException(key, ImageFault.Corrupt, error.Message, error),
        StoreException { Failure: StoreFailure.NotSupported } => new SwanImageException(key, ImageFault.Unsupported, error.Message, error),
        StoreException { Failure: StoreFailure.Changed } => new SwanImageException(
            key, ImageFault.Missing,
            "its archive was replaced or deleted since the run was planned. Run the job again to plan anew.", error),
        _ => null,
    };

    protected override void Dispose(bool disposing)
    {
        content.Dispose();
        base.Dispose(disposing);
    }
}
