using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Swan.MLNet.Search;

/// <summary>A file in the address space: the system reads pages when they are touched, and drops them when memory is short.</summary>
/// <remarks>
/// The file must not be cut while it is mapped: touching a page that is gone ends the process. It may be renamed or deleted (on Windows,
/// deleting fails as long as it is mapped). Nothing may be read after <see cref="Dispose"/>. Safe for concurrent reads.
/// </remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    private const int Random = 1, Sequential = 2; // MADV_RANDOM and MADV_SEQUENTIAL, on Linux and on macOS

    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    private MappedFile(MemoryMappedViewAccessor view, long length)
    {
        (_view, Length) = (view, length);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += view.PointerOffset;
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <param name="path">A file that is not empty.</param>
    /// <exception cref="IOException">It can't be opened, or is empty.</exception>
    public static MappedFile Open(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        long length = stream.Length;
        if (length == 0) throw new EndOfStreamException($"'{path}' is empty.");
        // The view lives on without the file: an index of many segments takes no file handles.
        using var file = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return new MappedFile(file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read), length);
    }

    /// <summary>Some bytes of the file.</summary>
    public ReadOnlyMemory<byte> Part(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new Piece(this, _start + offset, length).Memory;
    }

    /// <summary>Says how some bytes will be read from now on.</summary>
    /// <param name="offset">The first.</param>
    /// <param name="length">How many.</param>
    /// <param name="inOrder">True: one after another, so the system reads ahead. False: here and there, so it reads no more than
    /// is touched.</param>
    public void Expect(long offset, long length, bool inOrder)
    {
        if (OperatingSystem.IsWindows() || length == 0) return;
        nint start = (nint)(_start + offset), page = start / Environment.SystemPageSize * Environment.SystemPageSize;
        // Only advice: a system that doesn't take it reads a little more.
        _ = Advise(page, (nuint)(start + (nint)length - page), inOrder ? Sequential : Random);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int Advise(nint address, nuint length, int advice);

    // Keeps the file's object alive as long as its bytes are held.
    private sealed class Piece(MappedFile file, byte* start, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(start, length);

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)length, nameof(elementIndex));
            return new MemoryHandle(start + elementIndex, default, this);
        }

        public override void Unpin() => GC.KeepAlive(file);

        protected override void Dispose(bool disposing)
        {
        }
    }
}
