using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.Cli.Options;

/// <summary>Model files that a command line names: to read, or the included one, and to write.</summary>
internal static class ModelFile
{
    /// <param name="path">Null opens the model inside the library.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="decoding">How it reads image files; null: as by default.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="SwanException">The file is no model, or the device or ONNX Runtime is not there.</exception>
    public static SwanModel Open(string? path, SwanDevice device, ImageDecodingOptions? decoding = null)
    {
        var options = new SwanModelOptions { Device = device, Decoding = decoding ?? new() };
        return path is null ? SwanModel.OpenDefault(options) : SwanModel.Open(path, options);
    }

    /// <summary>The card of the model that <see cref="Open"/> opens.</summary>
    /// <param name="path">Null: that of the model inside the library.</param>
    /// <exception cref="SwanException">The file is no model.</exception>
    public static ModelCard CardOf(string? path) => (path is null ? SwanModelFile.Default : SwanModelFile.Read(path)).Card;

    /// <summary>Refuses a folder as the file to write, before any work is done for it.</summary>
    /// <param name="path">What --out is.</param>
    /// <param name="example">The name of such a file.</param>
    /// <exception cref="UsageException">It is a folder, or ends like one.</exception>
    public static void CheckOutput(string path, string example = "rsicd.swan")
    {
        if (Path.GetFileName(path).Length == 0 || Directory.Exists(path))
            throw new UsageException($"--out is '{path}', which is a folder; expected a file such as {Path.Combine(path, example)}.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) CheckOutputFolder(folder);
    }

    /// <summary>Refuses a file where a folder is to be made, before any work is done for it.</summary>
    /// <exception cref="UsageException">It is a file, or lies in one.</exception>
    public static void CheckOutputFolder(string path)
    {
        if (FilePath.FileOnTheWay(path) is { } file)
            throw new UsageException($"--out can't be written: '{file}' is a file; expected a folder or a free name.");
    }
}
