using System.Buffers;

namespace Swan.MLNet.Scheduling;

/// <summary>Bytes that belong to their holder until disposal, and then to others.</summary>
/// <remarks>
/// The holder disposes it once, when no span and no native code uses the bytes anymore. Later requests for a span are refused. A forgotten
/// buffer is freed, not reused. Not safe for concurrent disposal.
/// </remarks>
internal sealed unsafe class PooledBuffer : MemoryManager<byte>, IDisposable
{
    private readonly BufferPool _pool;
    private readonly int _length;
    private NativeBlock? _block;

    internal PooledBuffer(BufferPool pool, NativeBlock block, int length) => (_pool, _block, _length) = (pool, block, length);

    /// <summary>The bytes: arbitrary ones at first.</summary>
    public Span<byte> Span => GetSpan();

    /// <summary>The first byte's address.</summary>
    public byte* Start => Block.Start;

    private NativeBlock Block => _block ?? throw new ObjectDisposedException(
        nameof(PooledBuffer), "These bytes were already returned. This is a bug in Swan.");

    public override Span<byte> GetSpan() => new(Block.Start, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(Block.Start + elementIndex, pinnable: this);

    public override void Unpin()
    {
    }

    /// <summary>Gives the bytes back; the second time does nothing.</summary>
    public void Dispose()
    {
        if (_block is { } block) _pool.Return(block);
        _block = null;
    }

    protected override void Dispose(bool disposing) => Dispose();
}
