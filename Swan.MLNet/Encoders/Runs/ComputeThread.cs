using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics.X86;

namespace Swan.MLNet.Encoders;

/// <summary>Threads for native computations that leave state on their thread, on machines where that happens.</summary>
/// <remarks>
/// Once a thread has used a processor's tile registers (AMX), as int8 and bfloat16 products do, Linux saves them at each signal to the
/// thread: 12 kB, of the 16 kB that .NET gives each thread for SIGSEGV. The rest is too little for .NET's handler. From then on, any null
/// reference on that thread, normally an exception, ends the process silently. So callers' threads don't compute there.
/// Safe for concurrent use.
/// </remarks>
internal sealed class ComputeThread
{
    private static readonly ConcurrentStack<ComputeThread> Idle = new();

    private readonly SemaphoreSlim _begun = new(0), _ended = new(0);
    private Action? _work;
    private ExecutionContext? _context;
    private ExceptionDispatchInfo? _fault;

    /// <summary>Whether computations leave traces on their thread.</summary>
    public static bool IsNeeded { get; } = OperatingSystem.IsLinux() && HasTileRegisters();

    /// <summary>Computes, in a separate thread if needed, and waits for the end.</summary>
    /// <param name="work">Its exceptions reach the caller.</param>
    public static void Run(Action work)
    {
        if (IsNeeded) RunElsewhere(work);
        else work();
    }

    /// <summary>The same, always in a separate thread.</summary>
    public static void RunElsewhere(Action work)
    {
        if (!Idle.TryPop(out ComputeThread? thread))
        {
            thread = new ComputeThread();
            new Thread(thread.RunAll) { IsBackground = true, Name = "Swan computing" }.UnsafeStart();
        }
        (thread._work, thread._context, thread._fault) = (work, ExecutionContext.Capture(), null);
        thread._begun.Release();
        thread._ended.Wait();
        ExceptionDispatchInfo? fault = thread._fault;
        (thread._work, thread._context, thread._fault) = (null, null, null);
        // As many stay as there ever were computations at a time.
        Idle.Push(thread);
        fault?.Throw();
    }

    private static bool HasTileRegisters() =>
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Edx >> 24 & 1) == 1;

    private void RunAll()
    {
        while (true)
        {
            _begun.Wait();
            try
            {
                if (_context is null) _work!();
                else ExecutionContext.Run(_context, static work => ((Action)work!)(), _work);
            }
            catch (Exception e)
            {
                _fault = ExceptionDispatchInfo.Capture(e);
            }
            _ended.Release();
        }
    }
}
