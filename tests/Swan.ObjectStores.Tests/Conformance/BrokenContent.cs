namespace Swan.ObjectStores.Tests.Conformance;

/// <summary>A content whose disk fails after half of it.</summary>
internal sealed class BrokenContent(int length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (Position > length / 2) throw new IOException("The disk is gone.");
        count = Math.Min(count, 10_000);
        buffer.AsSpan(offset, count).Clear();
        Position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
