using Swan.MLNet.Encoders;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Models;

public sealed partial class SwanModel
{
    private static SwanModel? _default;
    private static object? _defaultLock = new();

    /// <summary>The model inside this library, shared by the whole process; each encoder is opened at its first use.</summary>
    /// <remarks>
    /// A compact SWAN for overhead photographs, trained on RSICD; its <see cref="Card"/> describes the training and the results. It runs on
    /// a GPU if one works, otherwise on the CPU with one thread per processor; for other settings see <see cref="OpenDefault"/>. It is
    /// shared, so disposing it does nothing, and it stays open until the process ends. If opening it fails, the next use tries again.
    /// Pipeline steps without a model use it, so images and queries agree:
    /// <example>
    /// <code>
    /// IDataView embedded = mlContext.Transforms.SwanEmbedding("Embedding", "ImagePath").Fit(images).Transform(images);
    /// SwanIndex index = mlContext.Swan().BuildIndex(embedded, "Embedding", "ImagePath");
    /// SwanHit[] hits = index.SearchCaption(SwanModel.Default, "planes parked at an airport", k: 5);
    /// </code>
    /// </example>
    /// </remarks>
    /// <exception cref="SwanDeviceException">ONNX Runtime's native library is missing.</exception>
    /// <exception cref="SwanFormatException">The library was changed after it was built. Each encoder is checked when it is opened, at its
    /// first use, which then throws this.</exception>
    public static SwanModel Default =>
        LazyInitializer.EnsureInitialized(ref _default, ref _defaultLock,
            static () =>
            {
                NativeOnnxRuntime.Begin();
                return OpenShared((SwanModelFile.Default, SwanModelFile.Default.Keep()), new SwanModelOptions());
            });

    /// <summary><see cref="Default"/> if the process has its text tower open; null otherwise.</summary>
    internal static SwanModel? DefaultWithCaptions => Volatile.Read(ref _default) is { _towers.HasCaptions: true } open ? open : null;

    /// <summary>
    /// Opens the model inside this library for the caller alone, with the caller's options.
    /// </summary>
    /// <param name="options">Device, threads and image decoding; the default uses a GPU if one works.</param>
    /// <returns>The caller disposes it. Its embeddings can be compared with those of <see cref="Default"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is below 0.</exception>
    /// <exception cref="SwanDeviceException">The requested device, or ONNX Runtime's native library, is missing.</exception>
    /// <exception cref="SwanFormatException">The library was changed after it was built. Each encoder is checked when it is opened: by
    /// default at its first use, which then throws this (<see cref="SwanModelOptions.Towers"/>).</exception>
    public static SwanModel OpenDefault(SwanModelOptions? options = null)
    {
        NativeOnnxRuntime.Begin();
        return Open(SwanModelFile.Default, options);
    }
}
