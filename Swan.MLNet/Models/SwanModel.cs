using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swan.MLNet.Calibration;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

/// <summary>An open model: embeds images and captions, whose dot product measures how well they match.</summary>
/// <remarks>
/// Safe for concurrent use. Each encoder is one ONNX Runtime session, so weights are in memory once for any number of threads. An encoder
/// is opened at its first use (<see cref="SwanModelOptions.Towers"/>), so a process that embeds only captions never loads the image tower.
/// A model opened from a file keeps the file open until it is disposed (<see cref="SwanModelFile"/>); to replace the file meanwhile, rename
/// a new file over it. The caller who opens a model owns it. Dispose it after the last call, and after the last row of every pipeline that
/// uses it. Disposing <see cref="Default"/>, or a model from a service container, does nothing, because others use it.
/// <example>
/// <code>
/// using SwanModel model = SwanModel.Open("rsicd.swan");
/// float[] query = model.EmbedCaption("planes parked beside a terminal");
/// float[] image = model.EmbedImage("airport_1.jpg");
/// float cosine = TensorPrimitives.Dot(query, image);
/// </code>
/// </example>
/// </remarks>
public sealed partial class SwanModel : IDisposable
{
    // By the process (Default), or by the services of a container.
    private readonly bool _shared;

    private readonly ILogger _logger;

    private readonly OpenTowers _towers;

    private readonly Lazy<SwanCalibration?> _calibration;

    private SwanModel(SwanModelFile file, OpenTowers towers, SwanModelOptions options, bool shared)
    {
        _shared = shared;
        _logger = options.Logger ?? NullLogger.Instance;
        Decoding = options.Decoding.For(file.Card.Image);
        File = file;
        _towers = towers;
        // Publication only: an error of reading is not kept.
        _calibration = new(() => SwanCalibration.Read(file), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The model's card.</summary>
    public ModelCard Card => File.Card;

    /// <summary>D, the length of every embedding.</summary>
    public int EmbeddingSize => Card.EmbeddingSize;

    /// <summary>The text tower's tokenizer.</summary>
    /// <remarks>Loaded at its first use.</remarks>
    /// <exception cref="SwanFormatException">The model's vocabulary can't be used, or its file has changed since it was
    /// opened.</exception>
    /// <exception cref="IOException">The model's file is no longer readable; the next use tries again.</exception>
    public ICaptionTokenizer Tokenizer => _towers.Tokenizer;

    /// <summary>The calibration that turns scores into probabilities; null if the model file has none.</summary>
    /// <remarks>Read at its first use.</remarks>
    /// <exception cref="SwanFormatException">The file's calibration can't be used, or the file has changed since it was opened.</exception>
    /// <exception cref="IOException">The model's file is no longer readable; the next use tries again.</exception>
    public SwanCalibration? Calibration => _calibration.Value;

    /// <summary>The image tower; opened at its first use.</summary>
    internal ImageEncoder ImageEncoder => _towers.Images;

    /// <summary>The text tower; opened at its first use.</summary>
    internal CaptionEncoder CaptionEncoder => _towers.Captions;

    /// <summary>How its input files, streams and bytes become pixels (<see cref="SwanModelOptions.Decoding"/>).</summary>
    public ImageDecodingOptions Decoding { get; }

    /// <summary>The device in use and the reason, in one line; constant while the model is open.</summary>
    public string DeviceReport => _towers.DeviceReport;

    internal SwanModelFile File { get; }

    /// <summary>Opens a model file.</summary>
    /// <param name="path">The <c>.swan</c> file.</param>
    /// <param name="options">Device, threads and image decoding; the default uses a GPU if one works.</param>
    /// <exception cref="FileNotFoundException">The file doesn't exist.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use. Each encoder is checked when it is opened: by
    /// default at its first use, which then throws this (<see cref="SwanModelOptions.Towers"/>).</exception>
    /// <exception cref="SwanDeviceException">The requested device, or ONNX Runtime's native library, is missing.</exception>
    public static SwanModel Open(string path, SwanModelOptions? options = null)
    {
        options ??= new SwanModelOptions();
        NativeOnnxRuntime.Begin();
        return Open(SwanModelFile.OpenKept(path), options, shared: false);
    }

    /// <summary>Opens a model that is already read.</summary>
    /// <remarks>Reads each encoder again when it is opened: <see cref="Open(string, SwanModelOptions?)"/> reads it once.</remarks>
    /// <param name="file">From <see cref="SwanModelFile.Read(string)"/>.</param>
    /// <param name="options">Device, threads and image decoding; the default uses a GPU if one works.</param>
    /// <exception cref="SwanFormatException">It is not a model that this version can use. Each encoder is checked when it is opened: by
    /// default at its first use, which then throws this (<see cref="SwanModelOptions.Towers"/>).</exception>
    /// <exception cref="IOException">The model's file no longer exists.</exception>
    /// <exception cref="SwanDeviceException">The requested device, or ONNX Runtime's native library, is missing.</exception>
    public static SwanModel Open(SwanModelFile file, SwanModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Open((file, file.Keep()), options ?? new SwanModelOptions(), shared: false);
    }

    /// <summary>Opens a model that several share: only <see cref="Close"/> closes it.</summary>
    /// <param name="file">The model, and what keeps its file open.</param>
    /// <param name="options">How.</param>
    internal static SwanModel OpenShared((SwanModelFile File, IDisposable Kept) file, SwanModelOptions options) =>
        Open(file, options, shared: true);

    // The model that is opened closes the file, and so does a refusal.
    private static SwanModel Open((SwanModelFile File, IDisposable Kept) file, SwanModelOptions options, bool shared)
    {
        OpenTowers? towers = null;
        try
        {
            options.Check();
            towers = new OpenTowers(file.File, options.Encoder, file.Kept);
            towers.Open(options.Towers);
            return new SwanModel(file.File, towers, options, shared);
        }
        catch
        {
            towers?.Dispose();
            file.Kept.Dispose();
            throw;
        }
    }

    /// <summary>Opens both encoders now, where they are not open.</summary>
    internal void OpenTowers() => _towers.Open(SwanTowers.AtOnce);

    /// <summary>
    /// Accepts no more work, releases both encoders and closes the model's file; running batches finish first.
    /// </summary>
    /// <remarks>
    /// Calls of many batches end at their next batch with <see cref="ObjectDisposedException"/>. Does nothing to <see cref="Default"/> or
    /// to a service container's model.
    /// </remarks>
    public void Dispose()
    {
        if (!_shared) Close();
    }

    /// <summary>What <see cref="Dispose"/> does, also to a shared model: for its owner.</summary>
    internal void Close() => _towers.Dispose();
}
