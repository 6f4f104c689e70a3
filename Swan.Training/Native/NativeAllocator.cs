using System.Runtime.InteropServices;

namespace Swan.Training.Native;

/// <summary>Keeps glibc from handing every large tensor back to the system when it is freed.</summary>
/// <remarks>
/// A training step allocates and frees gigabytes in pieces of tens of megabytes. By default each piece is mapped and unmapped anew, and the
/// kernel zeroes all of it again at every step: two thirds of the time of a step of EfficientNet-Lite0 on two cores. With one heap that
/// is never trimmed between steps, the pages stay.
/// </remarks>
internal static partial class NativeAllocator
{
    // Parameters of mallopt(3).
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4, ArenaMax = -8;
    private static bool _available = OperatingSystem.IsLinux();

    /// <summary>Sets the process's allocator up for training; does nothing where the C library has no such setting.</summary>
    public static void KeepFreedMemory()
    {
        if (!_available) return;
        try
        {
            _ = mallopt(MmapMax, 0);
            _ = mallopt(TrimThreshold, -1);
            _ = mallopt(TopPad, 64 << 20);
            _ = mallopt(ArenaMax, 1);
        }
        catch (EntryPointNotFoundException)
        {
            _available = false;
        }
    }

    /// <summary>Gives freed memory back: between epochs, so that fragments don't pile up over a long run.</summary>
    public static void Trim()
    {
        if (!_available) return;
        try
        {
            _ = malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            _available = false;
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
