using System.Runtime.InteropServices;

namespace Swan.MLNet.Encoders;

/// <summary>Gives back the memory that opening a session took and no longer needs.</summary>
/// <remarks>
/// Opening holds the weights several times: as bytes of the file, as ONNX Runtime's copies of them, and as what it computes with. Glibc
/// keeps freed blocks of up to 32 MiB for later, and .NET collects large arrays only when others are allocated, which a process that
/// searches may never do: half of its memory would be what opening left behind.
/// </remarks>
internal static partial class OpeningMemory
{
    // What an encoder with fewer bytes left behind isn't worth a collection.
    private const long Large = 8 << 20;

    /// <summary>Begins to give it back, on another thread.</summary>
    /// <remarks>By whoever holds no array of the file's bytes any more: what a method on the stack refers to would stay.</remarks>
    public static void GiveBack()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) >= Large) _ = Task.Run(Release);
    }

    private static void Release()
    {
        // .NET decides whether it is worth it, and other threads go on meanwhile.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Optimized, blocking: false);
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = Trim(0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library than glibc: it has an allocator of its own.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
