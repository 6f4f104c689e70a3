using Swan.MLNet;
using Swan.MLNet.Models;

namespace Swan.Cli.Options;

/// <summary>Opens the model that a command line names, or the included one.</summary>
internal static class ModelFile
{
    /// <param name="path">Null opens the model inside the library.</param>
    /// <param name="device">Where it runs.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="SwanException">The file is no model, or the device or ONNX Runtime is not there.</exception>
    public static SwanModel Open(string? path, SwanDevice device)
    {
        var options = new SwanModelOptions { Device = device };
        return path is null ? SwanModel.OpenDefault(options) : SwanModel.Open(path, options);
    }
}
