using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Swan.MLNet.Numerics;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Encoders;

/// <summary>Opens ONNX Runtime sessions on the requested device, and reports the choice and the reason.</summary>
/// <param name="Device">The device taken: <see cref="SwanDevice.Cpu"/> or a GPU, never <see cref="SwanDevice.Auto"/>.</param>
/// <param name="Name">The device and what it runs with, for people.</param>
/// <param name="Reason">The reason for the choice.</param>
/// <param name="ImagesPerRun">Images to encode in one run at most.</param>
/// <param name="TokensPerRun">Tokens of captions to encode in one run at most, those that pad included.</param>
/// <param name="RunsAtOnce">Runs at a time; a batch is divided so that they have enough.</param>
/// <param name="ThreadsPerRun">Processors that a run keeps busy; 0 on a GPU.</param>
internal sealed record EncoderDevice(
    SwanDevice Device, string Name, string Reason, int ImagesPerRun, int TokensPerRun, int RunsAtOnce, int ThreadsPerRun)
{
    // A GPU gets faster with larger batches, up to a point; its memory is bounded.
    private const int ImagesPerGpuRun = 256, TokensPerGpuRun = 32_768;

    // Measured (docs/results/pipeline.md): the activations of 8 images about fit a processor's cache; 32 take a fifth more time, and their
    // memory. 16 captions of 60 words take the least time, and a token takes about 25 KB. Threads of one run share its rows.
    private const int TokensPerCpuRunAtLeast = 1024, TokensPerCpuThread = 128, ImagesPerCpuRunAtLeast = 8;

    private const string CudaProvider = "CUDAExecutionProvider";

    // What Microsoft.ML.OnnxRuntime.Gpu 1.31's provider links to (libcudart.so.13).
    private const int CudaVersion = 13;

    private static string SearchPath => OperatingSystem.IsWindows() ? "PATH" : "LD_LIBRARY_PATH";

    /// <summary>Where it runs and why, in one line.</summary>
    public string Report => $"{Name}: {Reason}";

    /// <summary>The options for another graph on the same device, with as many threads, for the same reason.</summary>
    /// <param name="options">What was asked for.</param>
    public EncoderOptions Again(EncoderOptions options) =>
        options with { Device = Device, DeviceReason = Reason, Threads = RunsAtOnce * ThreadsPerRun };

    /// <summary>Opens a session.</summary>
    /// <param name="onnx">The graph.</param>
    /// <param name="options">Device and threads asked for.</param>
    /// <exception cref="SwanDeviceException">The requested GPU, or ONNX Runtime itself, is missing.</exception>
    /// <exception cref="OnnxRuntimeException">The graph can't be run.</exception>
    public static (InferenceSession Session, EncoderDevice Taken) Open(byte[] onnx, EncoderOptions options)
    {
        SwanDevice device = options.Device;
        if (WithoutOpening(options) is { } processor) return (OpenCpu(onnx, options), processor);
        if (device.Kind == SwanDeviceKind.Cuda)
        {
            try
            {
                return (OpenCuda(onnx, device.Index, options), OnGpu(device, options.DeviceReason));
            }
            catch (OnnxRuntimeException e)
            {
                throw new SwanDeviceException(
                    $"The device '{device}' was selected, {options.DeviceReason}, but ONNX Runtime can't use it: "
                    + $"{Said(e)} Check that the NVIDIA driver, CUDA {CudaVersion} and cuDNN 9 are "
                    + $"installed, that {SearchPath} names their folders, and that the GPU's index exists (nvidia-smi), "
                    + options.DeviceRemedy,
                    e);
            }
        }
        try
        {
            SwanDevice first = SwanDevice.Cuda(0);
            return (OpenCuda(onnx, 0, options), OnGpu(first, "a GPU that works"));
        }
        catch (OnnxRuntimeException e)
        {
            return (OpenCpu(onnx, options), OnProcessor(
                options,
                $"CUDA is built in but doesn't work here (it needs an NVIDIA driver, CUDA {CudaVersion} and cuDNN 9): {Said(e)}"));
        }
    }

    /// <summary>The device, if known before a graph is opened; null if only opening one shows it, as on a GPU.</summary>
    /// <param name="options">Device and threads asked for.</param>
    /// <exception cref="SwanDeviceException">The requested GPU, or ONNX Runtime itself, is missing.</exception>
    public static EncoderDevice? WithoutOpening(EncoderOptions options)
    {
        SwanDevice device = options.Device;
        bool hasCuda = Providers().Contains(CudaProvider);
        if (device.Kind == SwanDeviceKind.Cpu) return OnProcessor(options, options.DeviceReason);
        if (hasCuda) return null;
        if (device.Kind == SwanDeviceKind.Cuda)
        {
            throw new SwanDeviceException(
                $"The device '{device}' was selected, {options.DeviceReason}, but this application's ONNX Runtime has no CUDA (it has "
                + $"{string.Join(", ", Providers())}). "
                + "Reference the package Microsoft.ML.OnnxRuntime.Gpu instead of Microsoft.ML.OnnxRuntime (in this repository: "
                + $"build with -p:SwanGpu=true), {options.DeviceRemedy}");
        }
        return OnProcessor(options, "this application's ONNX Runtime has no CUDA");
    }

    /// <summary>Whether an error says that ONNX Runtime's native library can't be used.</summary>
    public static bool IsMissing(Exception fault) =>
        fault is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException;

    private static EncoderDevice OnProcessor(EncoderOptions options, string why) => new(
        SwanDevice.Cpu, string.Create(CultureInfo.InvariantCulture,
            $"cpu, {Counted.Of(Threads(options), "thread")}{(options.AllowSpinning ? ", spinning" : "")}"),
        why,
        ImagesPerCpuRun(options), TokensPerCpuRun(options), Threads(options) / ThreadsOfRun(options), ThreadsOfRun(options));

    // ONNX Runtime puts a source file and a signature before what failed.
    private static string Said(OnnxRuntimeException e)
    {
        string said = e.Message.ReplaceLineEndings(" ").TrimEnd();
        const string Failed = ": FAIL : ";
        int at = said.LastIndexOf(Failed, StringComparison.Ordinal);
        return (at < 0 ? said : said[(at + Failed.Length)..]).TrimEnd('.') + ".";
    }

    private static EncoderDevice OnGpu(SwanDevice device, string why) =>
        new(device, device.ToString(), why, ImagesPerGpuRun, TokensPerGpuRun, RunsAtOnce: 1, ThreadsPerRun: 0);

    private static InferenceSession OpenCpu(byte[] onnx, EncoderOptions asked)
    {
        using SessionOptions options = Options(asked);
        return EncoderArena.Open(onnx, options);
    }

    private static InferenceSession OpenCuda(byte[] onnx, int index, EncoderOptions asked)
    {
        using SessionOptions options = Options(asked);
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = index.ToString(CultureInfo.InvariantCulture),
            // The default measures every algorithm anew for each number of images in a run.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            ["use_tf32"] = "0", // float32 has its 24 bits, as in training; the default is TF32's 11
        });
        options.AppendExecutionProvider_CUDA(cuda);
        return EncoderArena.Open(onnx, options);
    }

    // Affinity and a container's CPU limit are in .NET's count; ONNX Runtime's own default looks at the whole machine.
    private static int Threads(EncoderOptions asked) => asked.Threads > 0 ? asked.Threads : SwanResources.EncoderThreads;

    // Two runs of one thread each do about half as much again as one run of two threads: threads within a run wait for each other at every
    // operator. Spinning threads wait less, which suits a caller who needs one image soon on an idle machine.
    private static int ThreadsOfRun(EncoderOptions asked) => asked.AllowSpinning ? Threads(asked) : 1;

    internal static int ImagesPerCpuRun(EncoderOptions asked) => Math.Max(ImagesPerCpuRunAtLeast, ThreadsOfRun(asked));

    private static int TokensPerCpuRun(EncoderOptions asked) =>
        Math.Max(TokensPerCpuRunAtLeast, TokensPerCpuThread * ThreadsOfRun(asked));

    /// <summary>The session options of every encoder, but for its device.</summary>
    internal static SessionOptions Options(EncoderOptions asked)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = ThreadsOfRun(asked), LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Spinning threads take whole cores from other work. A run of one thread has no pool and nothing to wait for.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", asked.AllowSpinning ? "1" : "0");
        // On a CPU the sum and the norm that this fuses take a sixth of the time that the fused operator takes, which has no vectors.
        options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "SkipLayerNormFusion");
        return options;
    }

    private static string[] Providers()
    {
        try
        {
            return OrtEnv.Instance().GetAvailableProviders();
        }
        catch (Exception e) when (IsMissing(e))
        {
            throw NativeOnnxRuntime.Unusable(NativeOnnxRuntime.Find(), e);
        }
    }
}
