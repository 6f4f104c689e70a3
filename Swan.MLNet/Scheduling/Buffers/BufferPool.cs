namespace Swan.MLNet.Scheduling;

/// <summary>Reusable buffers for files and pixels.</summary>
/// <remarks>
/// An unused buffer is kept for the next request of its size, within the room left by current charges; the least recently requested size
/// goes first. Its users do the charging, with <see cref="SizeOf"/>. Safe for concurrent use.
/// </remarks>
/// <param name="room">Bytes that may be kept now.</param>
internal sealed class BufferPool(Func<long> room)
{
    /// <summary>No more than this is kept, however much room there is.</summary>
    public const long MostKept = 256L << 20;

    private const int LeastSize = 4096, StepsPerDoubling = 8;
    private const byte Garbage = 0xDB;

    private readonly Lock _lock = new();

    // The size that was used last is the last one.
    private readonly LinkedList<(long Size, Stack<NativeBlock> Blocks)> _bySize = new();
    private readonly Dictionary<long, LinkedListNode<(long Size, Stack<NativeBlock> Blocks)>> _sizes = [];
    private long _kept, _lent;

    /// <summary>For tests: whether buffers are overwritten when they are given back and when they are taken.</summary>
    public static bool Poisons { get; set; }

    /// <summary>For tests: the most bytes that there were at a time, lent and kept.</summary>
    public long Highest { get; set; }

    /// <summary>Bytes that are kept for others now.</summary>
    public long Kept
    {
        get
        {
            lock (_lock) return _kept;
        }
    }

    /// <summary>The memory of a buffer: at most an eighth more than requested, or a page.</summary>
    public static long SizeOf(long length)
    {
        if (length <= LeastSize) return LeastSize;
        long step = (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)length) / (2 * StepsPerDoubling);
        return (length + step - 1) / step * step;
    }

    /// <summary>Gives a buffer of this length; the caller disposes it.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory, even without the buffers that are kept.</exception>
    public PooledBuffer Rent(int length)
    {
        NativeBlock block = Take(SizeOf(length)) ?? Allocate(SizeOf(length));
        lock (_lock) Highest = Math.Max(Highest, (_lent += block.Length) + _kept);
        if (Poisons) Overwrite(block);
        return new PooledBuffer(this, block, length);
    }

    /// <summary>Keeps a block for others, or frees it.</summary>
    internal void Return(NativeBlock block)
    {
        if (Poisons) Overwrite(block);
        long most = MayKeep;
        lock (_lock)
        {
            _lent -= block.Length;
            if (block.Length > most)
            {
                block.Free();
                return;
            }
            ForgetDownTo(most - block.Length);
            Used(block.Length).Push(block);
            _kept += block.Length;
        }
    }

    /// <summary>Frees kept buffers beyond the current limit.</summary>
    public void Trim()
    {
        long most = MayKeep;
        lock (_lock) ForgetDownTo(most);
    }

    private long MayKeep => Math.Clamp(room(), 0, MostKept);

    private NativeBlock? Take(long size)
    {
        lock (_lock)
        {
            if (!_sizes.ContainsKey(size) || !Used(size).TryPop(out NativeBlock? block)) return null;
            _kept -= size;
            return block;
        }
    }

    private NativeBlock Allocate(long size)
    {
        Trim();
        try
        {
            return new NativeBlock(size);
        }
        catch (OutOfMemoryException)
        {
            lock (_lock) ForgetDownTo(0);
            return new NativeBlock(size);
        }
    }

    private Stack<NativeBlock> Used(long size)
    {
        if (_sizes.TryGetValue(size, out LinkedListNode<(long Size, Stack<NativeBlock> Blocks)>? node)) _bySize.Remove(node);
        else _sizes[size] = node = new((size, new Stack<NativeBlock>()));
        _bySize.AddLast(node);
        return node.Value.Blocks;
    }

    private void ForgetDownTo(long most)
    {
        while (_kept > most && _bySize.First is { } oldest)
        {
            while (_kept > most && oldest.Value.Blocks.TryPop(out NativeBlock? block))
            {
                _kept -= block.Length;
                block.Free();
            }
            if (oldest.Value.Blocks.Count > 0) continue;
            _bySize.RemoveFirst();
            _sizes.Remove(oldest.Value.Size);
        }
    }

    private static unsafe void Overwrite(NativeBlock block)
    {
        for (long done = 0; done < block.Length; done += LeastSize)
            new Span<byte>(block.Start + done, (int)Math.Min(LeastSize, block.Length - done)).Fill(Garbage);
    }
}
