namespace Swan.Batch.Stores;

/// <summary>A stream that is only read, from its beginning to its end.</summary>
internal abstract class ForwardStream : ReadOnlyStream
{
    public sealed override bool CanSeek => false;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
}
