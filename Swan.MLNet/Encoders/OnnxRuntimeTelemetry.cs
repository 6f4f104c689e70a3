using System.Runtime.CompilerServices;

namespace Swan.MLNet.Encoders;

/// <summary>Keeps ONNX Runtime from reporting to its vendor.</summary>
/// <remarks>
/// On Linux and macOS it writes a device id and a database into the user's cache folder, and sends events. It reads the variable when it
/// loads. A user's own setting stays. If ONNX Runtime is used before Swan.MLNet loads, this class comes too late: its environment creates
/// the device id and one event (observed with version 1.31.1), and <c>DisableTelemetryEvents</c> changes neither.
/// </remarks>
internal static class OnnxRuntimeTelemetry
{
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "The variable must be there before ONNX Runtime loads, whichever part of Swan is used first.")]
    internal static void TurnOff() => NativeEnvironment.SetDefault(Variable, "1");
}
