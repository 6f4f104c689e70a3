using System.Runtime;
using System.Runtime.InteropServices;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Encoders;

/// <summary>Gives back the memory that opening a session took and no longer needs.</summary>
/// <remarks>
/// Opening holds the weights several times: the file's bytes, ONNX Runtime's copies, and the weights for computing. Glibc keeps freed
/// blocks of up to 32 MiB for later, and .NET collects large arrays only when others are allocated. A process that only searches may never
/// do that, so half of its memory would be leftovers of opening. The process belongs to the application: this class never acts if a
/// collection would stop its threads (<see cref="AppliesTo"/>), and <see cref="Variable"/> turns it off.
/// </remarks>
internal static partial class OpeningMemory
{
    /// <summary>The environment variable that turns it off.</summary>
    public const string Variable = "SWAN_GIVE_MEMORY_BACK";

    // Less isn't worth a collection.
    private const long Large = 8 << 20;

    // Arrays are in use as long as a method on the stack has them; those who opened return meanwhile.
    private static readonly TimeSpan Returning = TimeSpan.FromMilliseconds(200);

    private static int _latest;

    /// <summary>Whether opening an encoder is followed by a collection; never where TorchSharp is loaded.</summary>
    /// <remarks>
    /// TorchSharp 0.107 passes numbers to native code by handles that nothing keeps alive. A collection while libtorch adds two tensors
    /// frees the number it reads, so the sum fails or is wrong.
    /// </remarks>
    /// <param name="bytes">The graph's.</param>
    /// <param name="mode">How .NET collects: only an interactive process collects beside its threads, and the other modes were chosen
    /// for fewer collections, or none beside.</param>
    public static bool AppliesTo(long bytes, GCLatencyMode mode) => bytes >= Large && mode == GCLatencyMode.Interactive
        && !AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name == "TorchSharp");

    /// <summary>Gives it back soon, on another thread.</summary>
    /// <param name="bytes">The graph that was opened.</param>
    /// <exception cref="SwanOptionsException">The environment variable can't be understood.</exception>
    public static void GiveBack(long bytes)
    {
        if (!AppliesTo(bytes, GCSettings.LatencyMode) || !IsOn()) return;
        // The last of several that come one after another: the first one's time may be too early for it.
        int mine = Interlocked.Increment(ref _latest);
        _ = Task.Delay(Returning).ContinueWith(
            _ =>
            {
                if (Volatile.Read(ref _latest) == mine && AppliesTo(bytes, GCSettings.LatencyMode)) Release();
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static bool IsOn() => EnvironmentVariable.Read(Variable, static text => text switch
    {
        "0" => false,
        "1" => true,
        _ => throw new FormatException(),
    }, "0 (no) or 1 (yes)", "to give memory back") ?? true;

    private static void Release()
    {
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
