using System.IO.Hashing;

namespace Swan.MLNet.Search;

/// <summary>A segment while it is written: part after part, and at the end its table. Without <see cref="Finish"/> no file stays.</summary>
internal sealed class SegmentFile : IDisposable
{
    private readonly AtomicFile _file;
    private readonly string _name;
    private readonly List<PartPlace> _parts = [];

    /// <param name="folder">The index.</param>
    /// <param name="name">The segment's name in it; no manifest has it yet.</param>
    public SegmentFile(IndexFolder folder, string name)
    {
        (_file, _name) = (folder.Create(name), name);
        _file.Stream.Position = PartPlace.Page;
    }

    /// <summary>Writes a part.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="chunk">Bytes that have a checksum of their own.</param>
    /// <param name="write">Gets a stream that takes bytes and can't seek.</param>
    /// <exception cref="InvalidOperationException">The part is too long.</exception>
    public void Part(string name, int chunk, Action<Stream> write)
    {
        using var stream = new PartStream(_file.Stream, name, chunk);
        write(stream);
        _parts.Add(stream.Close(_parts.Count == 0 ? PartPlace.Page : _parts[^1].Offset + _parts[^1].PaddedLength));
    }

    /// <summary>Writes the table, brings all to disk and gives the file its name.</summary>
    public ManifestSegment Finish(int rows, int embeddingSize, int stride)
    {
        UInt128 header = new SegmentTable(rows, embeddingSize, stride, _parts).Write(_file.Stream);
        long bytes = _file.Stream.Length;
        _file.Commit();
        return new ManifestSegment { File = _name, Rows = rows, Bytes = bytes, Checksum = Checksum.Text(header) };
    }

    public void Dispose() => _file.Dispose();

    private sealed class PartStream(Stream file, string name, int chunk) : Stream
    {
        private readonly XxHash128 _hash = new();
        private readonly List<UInt128> _checksums = [];
        private long _length;
        private int _inChunk;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException("A part of a segment is written in one go.");

        public override long Position
        {
            get => _length;
            set => throw new NotSupportedException("A part of a segment is written in one go.");
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (_length + buffer.Length > PartPlace.MaxLength)
            {
                throw new InvalidOperationException(
                    $"The part '{name}' of a segment has more than {PartPlace.MaxLength:N0} bytes. Give the rows in smaller batches.");
            }
            file.Write(buffer);
            _length += buffer.Length;
            while (!buffer.IsEmpty)
            {
                int some = Math.Min(buffer.Length, chunk - _inChunk);
                _hash.Append(buffer[..some]);
                buffer = buffer[some..];
                if ((_inChunk += some) == chunk) EndChunk();
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void WriteByte(byte value) => Write([value]);

        /// <summary>Fills the last page up.</summary>
        public PartPlace Close(long offset)
        {
            int length = (int)_length;
            Write(new byte[PartPlace.Padded(length) - length]);
            if (_inChunk > 0) EndChunk();
            return new PartPlace(name, offset, length, chunk, [.. _checksums]);
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is only written.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("It is only written.");

        public override void SetLength(long value) => throw new NotSupportedException("It is only written.");

        private void EndChunk()
        {
            _checksums.Add(_hash.GetCurrentHashAsUInt128());
            _hash.Reset();
            _inChunk = 0;
        }
    }
}
