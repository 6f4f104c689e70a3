using System.Globalization;
using System.Text.Json.Nodes;
using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace Swan.Cli.Doctor;

/// <summary>Everything that <c>swan doctor</c> checks, in the order of its output.</summary>
/// <param name="Versions">Of swan and its native libraries.</param>
/// <param name="Findings">One per check.</param>
internal sealed record Diagnosis(Versions Versions, IReadOnlyList<Finding> Findings)
{
    private const double GiB = 1024.0 * 1024 * 1024;
    private const long LittleMemory = 2L << 30;

    public bool HasProblems => Findings.Any(f => f.State == FindingState.Problem);

    /// <summary>Runs all checks; they take some seconds.</summary>
    public static Diagnosis Run(CancellationToken cancellation)
    {
        Versions versions = Versions.Read();
        var findings = new List<Finding> { OnnxRuntime(versions), Skia(), LibTorch(versions), Gpu(versions), Cores(), Memory() };
        cancellation.ThrowIfCancellationRequested();
        findings.Add(SelfTest.Model());
        cancellation.ThrowIfCancellationRequested();
        if (versions.LibTorch is not null) findings.Add(SelfTest.Convolution());
        return new(versions, findings);
    }

    public JsonObject ToJson() => new()
    {
        ["versions"] = Versions.ToJson(),
        ["ok"] = !HasProblems,
        ["checks"] = new JsonArray([.. Findings.Select(f => new JsonObject
        {
            ["name"] = f.Name, ["state"] = f.State.ToString().ToLowerInvariant(), ["text"] = f.Text, ["fix"] = f.Fix,
        })]),
    };

    private static string SkiaVersion => 
        typeof(SKBitmap).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version ?? "unknown version";

    private static Finding OnnxRuntime(Versions versions) => versions.OnnxRuntime is { } version
        ? new("ONNX Runtime", FindingState.Ok, $"{version} from {NativeModules.PathOf("onnxruntime") ?? "an unknown file"}")
        : new("ONNX Runtime", FindingState.Problem, "its native library can't be loaded; no command that uses a model works",
            "Install swan again. In a project of your own, add the package Microsoft.ML.OnnxRuntime or Microsoft.ML.OnnxRuntime.Gpu.");

    private static Finding Skia()
    {
        try
        {
            using var bitmap = new SKBitmap(1, 1);
            return new("SkiaSharp", FindingState.Ok,
                $"{SkiaVersion} from {NativeModules.PathOf("SkiaSharp") ?? "an unknown file"}");
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or InvalidOperationException)
        {
            return new("SkiaSharp", FindingState.Problem,
                $"its native library can't be loaded, so no image can be read: {e.GetBaseException().Message}",
                "Install swan again. In a project of your own, add the package SkiaSharp.NativeAssets.Linux.NoDependencies.");
        }
    }

    private static Finding LibTorch(Versions versions) => versions.LibTorch is { } version
        ? new("libtorch", FindingState.Ok, $"{version} from {NativeModules.PathOf("torch_cpu") ?? "an unknown file"}")
        : versions.LibTorchFails ? new("libtorch", FindingState.Problem,
            "found but can't be loaded: train, export and card do not work, everything else does", versions.LibTorchFault)
        : new("libtorch", FindingState.Note, "not found: train, export and card do not work, everything else does", versions.LibTorchFault);

    private static Finding Gpu(Versions versions)
    {
        string[] providers = versions.OnnxRuntime is null ? [] : OrtEnv.Instance().GetAvailableProviders();
        bool search = providers.Contains("CUDAExecutionProvider"), train = versions.LibTorch is not null && SelfTest.LibTorchHasCuda();
        bool driver = File.Exists("/proc/driver/nvidia/version");
        string text = $"ONNX Runtime: {(search ? "has CUDA" : "this build is for CPUs")}; "
            + $"libtorch: {(versions.LibTorch is null ? Absent(versions) : train ? "CUDA works" : "finds no working CUDA")}; "
            + $"NVIDIA driver: {(driver ? "found" : "not found")}";
        return search && train ? new("GPU", FindingState.Ok, text)
            : new("GPU", driver ? FindingState.Note : FindingState.Ok, text,
                driver ? "For the GPU, build the command with 'dotnet build Swan.Cli -c Release -p:SwanGpu=true'." : null);
    }

    private static string Absent(Versions versions) => versions.LibTorchFails ? "can't be loaded" : "not found";

    private static Finding Cores()
    {
        MachineLimits limits = MachineLimits.Read();
        return new("cores", FindingState.Ok, limits.Cores == limits.MachineCores
            ? $"{limits.Cores}" : $"{limits.Cores} of the machine's {limits.MachineCores}, after affinity and the container's limit");
    }

    private static Finding Memory()
    {
        MachineLimits limits = MachineLimits.Read();
        string available = limits.AvailableBytes is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $", {bytes / GiB:F1} GiB available on the machine") : "";
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{limits.MemoryBytes / GiB:F1} GiB{(limits.Limited ? ", the container's limit" : "")}{available}");
        return limits.MemoryBytes >= LittleMemory ? new("memory", FindingState.Ok, text)
            : new("memory", FindingState.Note, text,
                "Search needs about 0.5 GiB, training 2 GiB and more. Use a smaller --batch and --image-size.");
    }
}
