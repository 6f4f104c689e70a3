using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Swan.MLNet.Encoders;

/// <summary>ONNX Runtime's native library, where its managed part can't use it.</summary>
internal static unsafe partial class NativeOnnxRuntime
{
    private const string Packages = "the package Microsoft.ML.OnnxRuntime (CPU) or Microsoft.ML.OnnxRuntime.Gpu (NVIDIA)";

    /// <summary>The version of the managed part, which the native one must have too, or a later one: <c>major.minor.patch</c>.</summary>
    public static string Needed { get; } = typeof(OrtEnv).Assembly.GetName().Version!.ToString(3);

    /// <summary>The native library's own version, such as <c>1.30.0</c>; null without a library.</summary>
    public static string? Find()
    {
        try
        {
            // The base: a function that gives an API by its version, and one that gives the library's version.
            nint* functions = (nint*)OrtGetApiBase();
            return functions is null ? null : Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)functions[1])());
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>Begins to load the library on another thread, for a caller who needs it later and first reads something else.</summary>
    /// <remarks>The later user of the library finds its faults.</remarks>
    public static void Begin() => _ = Task.Run(static () =>
    {
        try
        {
            _ = OrtEnv.Instance();
        }
        catch (Exception e) when (EncoderDevice.IsMissing(e))
        {
            // Opening an encoder says so.
        }
    });

    /// <summary>The error that says what is missing.</summary>
    /// <param name="found">What <see cref="Find"/> gave.</param>
    /// <param name="cause">Why the managed part gave up.</param>
    public static SwanDeviceException Unusable(string? found, Exception cause) => new(
        found is null
            ? "ONNX Runtime's native library can't be loaded. Swan.MLNet includes only the managed part, so the application can choose: "
                + $"reference {Packages} in the application's project. Cause: {cause.GetBaseException().Message}"
            : $"ONNX Runtime's native library is version {found}, but its managed part needs {Needed} or later. Reference {Packages} in "
                + $"version {Needed}, and look for an older onnxruntime library in the application's folder. "
                + $"Cause: {cause.GetBaseException().Message}",
        cause);

    [LibraryImport("onnxruntime")]
    private static partial nint OrtGetApiBase();
}
