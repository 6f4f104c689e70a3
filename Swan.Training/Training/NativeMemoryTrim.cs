using System.Runtime.InteropServices;

namespace Swan.Training;

/// <summary>Gives freed native memory back to the system: the allocator's fragments otherwise pile up over thousands of steps.</summary>
internal static partial class NativeMemoryTrim
{
    private static bool _available = OperatingSystem.IsLinux();

    public static void Trim()
    {
        if (!_available) return;
        try
        {
            _ = malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            _available = false; // a C library without it, such as musl
        }
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
