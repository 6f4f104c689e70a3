namespace Swan.Batch.Stores;

/// <summary>A read-only stream with any position: derived classes read at <see cref="Position"/>.</summary>
internal abstract class PlacedStream : ReadOnlyStream
{
    public sealed override bool CanSeek => true;

    public sealed override long Position { get; set; }

    public sealed override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => Length,
    };
}
