namespace Swan.Batch.Stores;

/// <summary>An object as a stream that can go to any place, by asking for what is there; short ways are read over.</summary>
/// <remarks>Requests are small after a jump, and grow while one byte after the other is read: none is given up with much left.</remarks>
internal sealed class RangeStream(ObjectStore store, StoredObject stored, CancellationToken cancellation) : PlacedStream
{
    // An answer takes as long as some hundred kilobytes.
    private const int Near = 1 << 18, BufferSize = 1 << 16, Smallest = 1 << 16, Largest = 1 << 23;

    private readonly byte[] _buffer = new byte[BufferSize];
    private long _bufferStart, _bodyPosition, _bodyEnd, _asked;
    private int _buffered;
    private Stream? _body;

    public override long Length => stored.Size;

    /// <summary>Whether a read went beyond the end.</summary>
    public bool WasReadToItsEnd { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (Position >= Length)
        {
            WasReadToItsEnd = true;
            return 0;
        }
        if (Position < _bufferStart || Position >= _bufferStart + _buffered) await FillAsync().ConfigureAwait(false);
        int at = (int)(Position - _bufferStart), count = Math.Min(buffer.Length, _buffered - at);
        _buffer.AsMemory(at, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        _body?.Dispose();
        base.Dispose(disposing);
    }

    private async Task FillAsync()
    {
        bool jumps = Position < _bodyPosition || Position - _bodyPosition > Near;
        if (_body is null || jumps || Position >= _bodyEnd)
        {
            _body?.Dispose();
            _body = null;
            _asked = jumps || _asked == 0 ? Smallest : Math.Min(2 * _asked, Largest);
            _bodyPosition = Position;
            _bodyEnd = Math.Min(Position + _asked, Length);
            _body = await store.OpenRangeAsync(stored, Position, _bodyEnd - Position, cancellation).ConfigureAwait(false);
        }
        do
        {
            _bufferStart = _bodyPosition;
            _buffered = await _body.ReadAsync(_buffer, cancellation).ConfigureAwait(false);
            if (_buffered == 0) throw new EndOfStreamException($"'{stored.Key}' ends before its {Length} bytes.");
            _bodyPosition += _buffered;
        }
        while (Position >= _bodyPosition);
    }
}
