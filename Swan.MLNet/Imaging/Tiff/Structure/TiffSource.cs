using System.Runtime.InteropServices;

namespace Swan.MLNet.Imaging;

/// <summary>A TIFF's bytes, in memory or in a stream that can seek.</summary>
internal sealed class TiffSource : IDisposable
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly Stream? _stream;
    private readonly string _name;

    public TiffSource(ReadOnlyMemory<byte> memory, string name) => (_memory, _name, Length) = (memory, name, memory.Length);

    /// <exception cref="ArgumentException">The stream can't be read or can't seek.</exception>
    public TiffSource(Stream stream, string name)
    {
        if (!stream.CanRead || !stream.CanSeek)
            throw new ArgumentException("Expected a readable, seekable stream for a TIFF.", nameof(stream));
        (_stream, _name, Length) = (stream, name, stream.Length);
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Bytes at a place within the file; of a stream, read into the buffer, which grows to what they take.</summary>
    /// <exception cref="SwanImageException">The file ends before them.</exception>
    public ReadOnlySpan<byte> Read(long offset, int count, ref byte[] buffer)
    {
        if (offset < 0 || offset > Length - count) throw SwanImageException.Truncated(_name);
        if (_stream is null) return _memory.Span.Slice((int)offset, count);
        if (buffer.Length < count) buffer = GC.AllocateUninitializedArray<byte>(count);
        _stream.Position = offset;
        Span<byte> target = buffer.AsSpan(0, count);
        // A file that is cut while it is read.
        if (_stream.ReadAtLeast(target, count, throwOnEndOfStream: false) < count) throw SwanImageException.Truncated(_name);
        return target;
    }

    /// <summary>All bytes as a stream that leaves the file open when it is closed.</summary>
    public Stream AsStream() => _stream is not null ? new OpenStream(_stream)
        : MemoryMarshal.TryGetArray(_memory, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(_memory.ToArray(), writable: false);

    public void Dispose() => _stream?.Dispose();

    private sealed class OpenStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
