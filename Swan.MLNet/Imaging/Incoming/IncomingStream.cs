using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>An image that a stream gives, opened and read once, from its position to its end.</summary>
internal sealed class IncomingStream(Func<Stream> open, string name, ImageDecodingOptions options, bool leaveOpen = false) : IncomingImage
{
    private const int FirstStep = 1 << 16;
    private Stream? _stream;
    private PooledBuffer? _bytes;
    private int _room;
    private int _length;

    public override bool Reads => true;

    public override bool IsReadByCaller => true;

    public override RgbImage Decode() => ImageDecoder.Decode(_bytes is null ? default : _bytes.Memory[.._length], name, options);

    public override void Dispose()
    {
        Close();
        _bytes?.Dispose();
        base.Dispose();
    }

    protected override bool ReadOn()
    {
        _stream ??= open();
        // A stream longer than an image may be is not read to its end; decoding refuses the bytes read.
        while (_length <= options.MaxBytes && _length < Array.MaxLength)
        {
            if (_length == _room && !Grow()) return false;
            int read = _stream.Read(_bytes!.Span[_length..]);
            if (read == 0) break;
            _length += read;
        }
        Close();
        return true;
    }

    private bool Grow()
    {
        // One byte more than its stated length, to see its end without another step.
        long next = _length == 0 && _stream is { CanSeek: true } known
            ? known.Length - known.Position + 1
            : Math.Max(2L * _length, FirstStep);
        next = Math.Clamp(next, _length + 1L, Math.Min(options.MaxBytes + 1, Array.MaxLength));
        // Both are there while one is copied to the other.
        if (!TakeRoom(BufferPool.SizeOf(next))) return false;
        PooledBuffer larger = WorkFrame.Process.Buffers.Rent((int)next);
        _bytes?.Span[.._length].CopyTo(larger.Span);
        _bytes?.Dispose();
        (_bytes, _room) = (larger, (int)next);
        Holds(BufferPool.SizeOf(next));
        return true;
    }

    // A stream's exception on closing says nothing about its bytes, and must not prevent their return.
    private void Close()
    {
        if (leaveOpen) return;
        try
        {
            _stream?.Dispose();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _stream = null;
        }
    }
}
