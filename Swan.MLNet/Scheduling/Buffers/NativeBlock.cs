using System.Runtime.InteropServices;

namespace Swan.MLNet.Scheduling;

/// <summary>Memory outside the garbage collector: it is released at once, and large blocks cause no collections.</summary>
internal sealed unsafe class NativeBlock
{
    private void* _start;

    /// <summary>Allocates; the bytes are arbitrary.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory.</exception>
    public NativeBlock(long length)
    {
        Length = length;
        _start = NativeMemory.Alloc((nuint)length);
    }

    // Of a cursor that was forgotten.
    ~NativeBlock() => NativeMemory.Free(_start);

    public long Length { get; }

    public byte* Start => (byte*)_start;

    /// <summary>Gives the memory back. Nobody may hold a span of it.</summary>
    public void Free()
    {
        NativeMemory.Free(_start);
        _start = null;
        GC.SuppressFinalize(this);
    }
}
