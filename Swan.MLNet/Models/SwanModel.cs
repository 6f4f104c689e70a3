using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swan.MLNet.Calibration;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

/// <summary>An open model: embeds images and captions, so that a dot product tells how well they fit each other.</summary>
/// <remarks>
/// Safe for concurrent use; each encoder is one ONNX Runtime session, so weights are in memory once however many threads call. An encoder
/// is opened at its first use (<see cref="SwanModelOptions.Towers"/>): who embeds captions only has no image tower in memory. A model that
/// was opened from a file keeps it open until it is disposed (<see cref="SwanModelFile"/>): to write another model there meanwhile, rename
/// a new file over it. Who opens a model owns it: dispose it after the last call, and after the last row of every pipeline that was given
/// it. Disposing <see cref="Default"/>, or a model that a service container handed out, does nothing: others use it.
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

    /// <summary>What the model says about itself.</summary>
    public ModelCard Card => File.Card;

    /// <summary>D, the length of every embedding.</summary>
    public int EmbeddingSize => Card.EmbeddingSize;

    /// <summary>The tokenizer that the text tower was trained with.</summary>
    /// <remarks>Loaded at its first use.</remarks>
    /// <exception cref="SwanFormatException">The model's vocabulary can't be used, or its file has changed since it was
    /// opened.</exception>
    /// <exception cref="IOException">The model's file can't be read any more; the next use tries again.</exception>
    public ICaptionTokenizer Tokenizer => _towers.Tokenizer;

    /// <summary>What turns the model's scores into probabilities; null where the model file has none.</summary>
    /// <remarks>Read at its first use.</remarks>
    /// <exception cref="SwanFormatException">The file's calibration can't be used, or the file has changed since it was opened.</exception>
    /// <exception cref="IOException">The model's file can't be read any more; the next use tries again.</exception>
    public SwanCalibration? Calibration => _calibration.Value;

    /// <summary>The image tower; opened at its first use.</summary>
    internal ImageEncoder ImageEncoder => _towers.Images;

    /// <summary>The text tower; opened at its first use.</summary>
    internal CaptionEncoder CaptionEncoder => _towers.Captions;

    /// <summary>How files, streams and bytes that it is given become pixels (<see cref="SwanModelOptions.Decoding"/>).</summary>
    public ImageDecodingOptions Decoding { get; }

    /// <summary>Which device was taken and why, in one line; the same as long as the model is open.</summary>
    public string DeviceReport => _towers.DeviceReport;

    internal SwanModelFile File { get; }

    /// <summary>Opens a model file.</summary>
    /// <param name="path">The <c>.swan</c> file.</param>
    /// <param name="options">Device, threads and how images are decoded; the default takes a GPU if one works.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use. Each encoder is checked when it is opened: by
    /// default at its first use, which then throws this (<see cref="SwanModelOptions.Towers"/>).</exception>
    /// <exception cref="SwanDeviceException">The device asked for, or ONNX Runtime's native library, is not there.</exception>
    public static SwanModel Open(string path, SwanModelOptions? options = null)
    {
        options ??= new SwanModelOptions();
        NativeOnnxRuntime.Begin();
        return Open(SwanModelFile.OpenKept(path), options, shared: false);
    }

    /// <summary>Opens a model that has been read already.</summary>
    /// <remarks>Reads each encoder again when it is opened: <see cref="Open(string, SwanModelOptions?)"/> reads it once.</remarks>
    /// <param name="file">From <see cref="SwanModelFile.Read(string)"/>.</param>
    /// <param name="options">Device, threads and how images are decoded; the default takes a GPU if one works.</param>
    /// <exception cref="SwanFormatException">It is not a model that this version can use. Each encoder is checked when it is opened: by
    /// default at its first use, which then throws this (<see cref="SwanModelOptions.Towers"/>).</exception>
    /// <exception cref="IOException">The model's file is no longer there.</exception>
    /// <exception cref="SwanDeviceException">The device asked for, or ONNX Runtime's native library, is not there.</exception>
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
    /// Takes no more work, releases both encoders and closes the model's file; batches that are being encoded finish first.
    /// </summary>
    /// <remarks>
    /// Calls of many batches end at their next one with <see cref="ObjectDisposedException"/>. Does nothing to <see cref="Default"/>, nor
    /// to the model of a service container.
    /// </remarks>
    public void Dispose()
    {
        if (!_shared) Close();
    }

    /// <summary>What <see cref="Dispose"/> does, also to a shared model: for its owner.</summary>
    internal void Close() => _towers.Dispose();
}
