namespace Swan.MLNet;

/// <summary>A caller's stream that records why reading failed, which is not a fault of its content.</summary>
internal sealed class CallersStream(Stream inner) : Stream
{
    /// <summary>The first exception of reading; null if none.</summary>
    public Exception? Fault { get; private set; }

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (Exception e)
        {
            Fault ??= e;
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("It is read only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read only.");
}
