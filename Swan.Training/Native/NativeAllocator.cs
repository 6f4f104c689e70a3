using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Swan.Training.Native;

/// <summary>Keeps glibc from handing every large tensor back to the system when it is freed.</summary>
/// <remarks>
/// A training step allocates and frees gigabytes in pieces of tens of megabytes. By default each piece is mapped and unmapped anew, and the
/// kernel zeroes all of it again at every step: two thirds of the time of a step of EfficientNet-Lite0 on two cores. With one heap that
/// is never trimmed between steps, the pages stay. Only the main heap can hold pieces of that size: a thread that glibc has given another
/// one maps them whatever the settings say.
/// </remarks>
internal static partial class NativeAllocator
{
    // Parameters of mallopt(3).
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4, ArenaMax = -8;
    private const int StackBytes = 16 << 20;

    // glibc makes at most eight heaps a processor.
    private static readonly int MaxHeaps = 8 * Environment.ProcessorCount + 8;
    private static bool _available = OperatingSystem.IsLinux();

    /// <summary>Sets the process's allocator up for training; does nothing where the C library has no such setting.</summary>
    private static void KeepFreedMemory()
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

    /// <summary>Runs a training on a thread that allocates from the main heap, with an allocator that is set up for it.</summary>
    /// <remarks>
    /// A new thread gets a heap that an ended thread left, or the next of all heaps in turn; glibc offers no choice. So threads are started
    /// and kept until one gets the main heap. If none does, or with another C library, the last thread runs the work anyway.
    /// </remarks>
    public static T OnMainHeap<T>(Func<T> work)
    {
        KeepFreedMemory();
        T result = default!;
        ExceptionDispatchInfo? fault = null;
        var found = new ManualResetEventSlim();
        var threads = new List<Thread>();
        for (bool taken = false; !taken;)
        {
            bool last = !_available || threads.Count == MaxHeaps;
            var decided = new ManualResetEventSlim();
            var thread = new Thread(() =>
            {
                taken = IsOnMainHeap() || last;
                bool mine = taken;
                decided.Set();
                if (!mine)
                {
                    found.Wait();
                    return;
                }

                try
                {
                    result = work();
                }
                catch (Exception e)
                {
                    fault = ExceptionDispatchInfo.Capture(e);
                }
            }, StackBytes) { Name = "Swan training", IsBackground = true };
            threads.Add(thread);
            thread.Start();
            decided.Wait();
        }

        found.Set();
        foreach (Thread thread in threads) thread.Join();
        fault?.Throw();
        return result;
    }

    /// <summary>Whether this thread's large allocations come from the main heap, which lies below the program break.</summary>
    internal static bool IsOnMainHeap()
    {
        if (!_available) return false;
        nint piece = malloc(1 << 20);
        bool main = piece != 0 && (nuint)piece < (nuint)sbrk(0);
        free(piece);
        return main;
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
    private static partial nint malloc(nuint bytes);

    [LibraryImport("libc")]
    private static partial void free(nint piece);

    [LibraryImport("libc")]
    private static partial nint sbrk(nint increment);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
