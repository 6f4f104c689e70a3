using System.Runtime.CompilerServices;

namespace Swan.MLNet.Encoders;

/// <summary>Keeps ONNX Runtime from reporting to its vendor.</summary>
/// <remarks>
/// On Linux and macOS it writes a device id and a database into the user's cache folder, and sends events. It reads the variable when it
/// loads. What a user has set stays. Where ONNX Runtime is used before Swan.MLNet loads, nothing can be done here: the device id and the
/// one event that version 1.31.1 was seen to store come with its environment, and <c>DisableTelemetryEvents</c> changes neither.
/// </remarks>
internal static class OnnxRuntimeTelemetry
{
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "The variable must be there before ONNX Runtime loads, whichever part of Swan is used first.")]
    internal static void TurnOff() => NativeEnvironment.SetDefault(Variable, "1");
}
