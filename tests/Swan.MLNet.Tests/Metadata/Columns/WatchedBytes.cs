using System.Buffers;

namespace Swan.MLNet.Tests.Metadata;

/// <summary>A column's bytes that tell when they are looked at.</summary>
internal sealed class WatchedBytes(byte[] bytes) : MemoryManager<byte>
{
    /// <summary>How often somebody looked.</summary>
    public int Looks { get; private set; }

    /// <summary>Called at each look, with how many there were.</summary>
    public Action<int>? Look { get; set; }

    public override Span<byte> GetSpan()
    {
        Looks++;
        Look?.Invoke(Looks);
        return bytes;
    }

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("Nobody pins it.");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
