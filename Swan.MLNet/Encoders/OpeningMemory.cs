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
    // Less left behind isn't worth a collection.
    private const long Large = 8 << 20;

    // Arrays are in use as long as a method on the stack has them; those who opened return meanwhile.
    private static readonly TimeSpan Returning = TimeSpan.FromMilliseconds(200);

    private static int _pending;

    /// <summary>Gives it back soon, on another thread.</summary>
    public static void GiveBack()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) < Large || Interlocked.Exchange(ref _pending, 1) != 0) return;
        _ = Task.Delay(Returning).ContinueWith(
            static _ => Release(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static void Release()
    {
        Volatile.Write(ref _pending, 0);
        // Other threads go on meanwhile.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
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
