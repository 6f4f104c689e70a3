using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Swan.MLNet.Onnx;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Encoders;

/// <summary>The memory that the runs of one session take beside its weights, and its limit.</summary>
/// <remarks>
/// A few hundred bytes of ONNX can request any amount: the sum of two small constants can be a large tensor, and <c>Range</c> makes one
/// from a number. Inspecting the file can't show it, because sizes may depend on the input. So ONNX Runtime's arena gets a limit, and a run
/// that exceeds it fails before memory is allocated. Only an arena of the environment can have a limit. A session keeps the environment's
/// arena from its opening, so each session gets its own: it is registered, used and unregistered. ONNX Runtime 1.31 replaces an arena that
/// was registered before and never restores it. An application should register its own after Swan's models are open, with both towers
/// (<see cref="Models.SwanTowers.AtOnce"/>).
/// </remarks>
internal static class EncoderArena
{
    // Gives memory back at the end of a run, as far as nothing is in it.
    private const string Shrink = "memory.enable_memory_arena_shrinkage", OfProcessor = "cpu:0";

    private static readonly Lock Registering = new();

    /// <summary>Opens a session with an arena of its own, of at most <see cref="SwanResources.MaxEncoderBytes"/>.</summary>
    /// <param name="onnx">The graph.</param>
    /// <param name="options">Gets what the arena needs.</param>
    public static InferenceSession Open(byte[] onnx, SessionOptions options)
    {
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        // Computing with constants when the graph is opened uses memory outside the arena.
        options.AddSessionConfigEntry(
            "optimization.constant_folding_max_output_size_in_bytes",
            OnnxFolding.LargestFold(onnx.Length).ToString(CultureInfo.InvariantCulture));
        lock (Registering)
        {
            OrtEnv environment = OrtEnv.Instance();
            using var processor = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
            bool registered = TryRegister(environment, processor);
            InferenceSession? session = null;
            try
            {
                session = new InferenceSession(onnx, options);
            }
            finally
            {
                if (registered) Unregister(environment, processor, session);
            }
            return session;
        }
    }

    /// <summary>Sets a run to return the arena's unused memory at its end, whether it succeeds or fails.</summary>
    public static void ShrinkAfter(RunOptions run) => run.AddRunConfigEntry(Shrink, OfProcessor);

    /// <summary>Whether a run failed because it would have exceeded the arena's limit.</summary>
    /// <remarks>ONNX Runtime has no separate error code for this.</remarks>
    public static bool IsExhausted(OnnxRuntimeException fault) =>
        fault.Message.Contains("Available memory of ", StringComparison.Ordinal)
        && fault.Message.Contains(" is smaller than requested bytes of ", StringComparison.Ordinal);

    /// <summary>The error of a run that exceeds the limit even alone.</summary>
    /// <param name="what">Entry and file.</param>
    /// <param name="rows">How many rows were encoded.</param>
    /// <param name="limit">The limit that the session has.</param>
    /// <param name="cause">ONNX Runtime's error; names the operator.</param>
    public static SwanFormatException Exhausted(string what, int rows, long limit, OnnxRuntimeException cause) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"{what} needs more memory than the {limit:N0} bytes that an encoder may use, with {rows:N0} rows in a run: ")
        + $"{cause.Message.ReplaceLineEndings(" ").TrimEnd()} "
        + "A file made to exhaust memory does that; use only models that you trust. If you trust the model and it is large, set "
        + $"{nameof(SwanResources)}.{nameof(SwanResources.MaxEncoderBytes)} ({ResourceLimit.EncoderBytes.Variable}) before it is opened.",
        cause);

    // A version of ONNX Runtime that replaces nothing leaves the application's arena, whose limit holds then.
    private static bool TryRegister(OrtEnv environment, OrtMemoryInfo processor)
    {
        using var limits = new OrtArenaCfg((uint)SwanResources.MaxEncoderBytes, -1, -1, -1);
        try
        {
            environment.CreateAndRegisterAllocator(processor, limits);
            return true;
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    private static void Unregister(OrtEnv environment, OrtMemoryInfo processor, InferenceSession? session)
    {
        try
        {
            environment.UnregisterAllocator(processor);
        }
        catch (OnnxRuntimeException)
        {
            // The application has taken it out meanwhile; the session keeps it.
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }
}
