namespace Swan.Batch.Stores;

/// <summary>A file that is read until it is canceled.</summary>
internal sealed class FileContent(FileStream file, CancellationToken cancellation) : ForwardStream
{
    /// <summary>Leaves out the bytes before.</summary>
    public void Start(long offset) => file.Position = offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        cancellation.ThrowIfCancellationRequested();
        return file.Read(buffer, offset, count);
    }

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
