using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using Swan.Training;
using Swan.Training.Native;
using TorchSharp;

namespace Swan.Cli.Doctor;

/// <summary>The versions of swan and of the native libraries that it runs on.</summary>
/// <param name="Swan">Without the commit.</param>
/// <param name="Commit">Of the sources it was built from; null where they were not in git.</param>
/// <param name="OnnxRuntime">Null where its native library can't be loaded.</param>
/// <param name="LibTorch">Null where it is missing or can't be loaded.</param>
/// <param name="LibTorchFault">Why it is missing or can't be loaded; null where it works.</param>
internal sealed record Versions(string Swan, string? Commit, string? OnnxRuntime, string? LibTorch, string? LibTorchFault)
{
    /// <summary>Loads the libraries to ask them.</summary>
    public static Versions Read()
    {
        string[] own = OwnVersion().Split('+', 2);
        (string? libTorch, string? fault) = ReadLibTorch();
        return new(own[0], own.Length > 1 ? own[1] : null, ReadOnnxRuntime(), libTorch, fault);
    }

    /// <summary>Whether libtorch is there and can't be loaded, which is a fault; that it is not there may be meant so.</summary>
    public bool LibTorchFails => LibTorch is null && LibTorchFiles.IsThere;

    public JsonObject ToJson() => new() { ["swan"] = Swan, ["commit"] = Commit, ["onnxRuntime"] = OnnxRuntime, ["libtorch"] = LibTorch };

    public override string ToString() =>
        $"swan {Swan}{(Commit is null ? "" : $" (commit {Commit})")}\nONNX Runtime: {OnnxRuntime ?? "not found"}\nlibtorch: "
            + $"{LibTorch ?? (LibTorchFails ? "can't be loaded, see 'swan doctor'" : "not found")}";

    private static string OwnVersion() =>
        typeof(Versions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string? ReadOnnxRuntime()
    {
        try
        {
            return OrtEnv.Instance().GetVersionString();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static (string? Version, string? Fault) ReadLibTorch()
    {
        try
        {
            TorchLibrary.Require();
            return (TorchLibrary.LoadedVersion?.ToString() ?? torch.__version__, null);
        }
        catch (SwanTrainingException e)
        {
            return (null, e.Message);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException
            or BadImageFormatException or EntryPointNotFoundException)
        {
            return (null, $"libtorch can't be loaded: {e.GetBaseException().Message}");
        }
    }
}
