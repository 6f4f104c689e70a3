using Microsoft.Win32.SafeHandles;

namespace Swan.MLNet.ModelFiles;

/// <summary>A range of an open file as a stream with a position of its own. Disposing it leaves the file open.</summary>
/// <param name="file">The file; it stays its owner's.</param>
/// <param name="start">The range's first byte.</param>
/// <param name="length">Its length.</param>
/// <param name="use">Disposed with the stream, once: what keeps the file open meanwhile.</param>
internal sealed class FilePart(SafeFileHandle file, long start, long length, IDisposable? use = null) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int most = (int)Math.Clamp(length - _position, 0, buffer.Length);
        int read = RandomAccess.Read(file, buffer[..most], start + _position);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The place is before the beginning, which readers of zip archives expect of a file.</exception>
    public override long Seek(long offset, SeekOrigin origin)
    {
        long from = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            SeekOrigin.End => length,
            _ => throw new ArgumentException($"The origin is {origin}; expected Begin, Current or End.", nameof(origin)),
        };
        // Compared so that the sum can't overflow.
        if (offset < -from || offset > long.MaxValue - from)
            throw new IOException($"Byte {from} {offset:+0;-0;+0} is outside of a file of {length} bytes.");
        return _position = from + offset;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) use?.Dispose();
        base.Dispose(disposing);
    }
}
