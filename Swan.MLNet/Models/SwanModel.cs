using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

/// <summary>An open model: embeds images and captions, so that a dot product tells how well they fit each other.</summary>
/// <remarks>
/// Safe for concurrent use; each encoder is one ONNX Runtime session, so weights are in memory once however many threads call. Who opens
/// it owns it: dispose it after the last call, and after the last row of every pipeline that was given it. Disposing <see cref="Default"/>,
/// or a model that a service container handed out, does nothing: others use it.
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

    private SwanModel(SwanModelFile file, ImageEncoder images, CaptionEncoder captions, SwanModelOptions options, bool shared)
    {
        _shared = shared;
        _logger = options.Logger ?? NullLogger.Instance;
        Decoding = options.Decoding.For(file.Card.Image);
        File = file;
        ImageEncoder = images;
        CaptionEncoder = captions;
    }

    /// <summary>What the model says about itself.</summary>
    public ModelCard Card => File.Card;

    /// <summary>D, the length of every embedding.</summary>
    public int EmbeddingSize => Card.EmbeddingSize;

    /// <summary>The tokenizer that the text tower was trained with.</summary>
    public ICaptionTokenizer Tokenizer => CaptionEncoder.Tokenizer;

    /// <summary>The image tower.</summary>
    internal ImageEncoder ImageEncoder { get; }

    /// <summary>The text tower.</summary>
    internal CaptionEncoder CaptionEncoder { get; }

    /// <summary>How files, streams and bytes that it is given become pixels (<see cref="SwanModelOptions.Decoding"/>).</summary>
    public ImageDecodingOptions Decoding { get; }

    /// <summary>Which device was taken and why, in one line.</summary>
    public string DeviceReport => ImageEncoder.DeviceReport;

    internal SwanModelFile File { get; }

    /// <summary>Opens a model file.</summary>
    /// <param name="path">The <c>.swan</c> file.</param>
    /// <param name="options">Device, threads and how images are decoded; the default takes a GPU if one works.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    /// <exception cref="SwanDeviceException">The device asked for, or ONNX Runtime's native library, is not there.</exception>
    public static SwanModel Open(string path, SwanModelOptions? options = null) => Open(SwanModelFile.Read(path), options);

    /// <summary>Opens a model that has been read already.</summary>
    /// <param name="file">From <see cref="SwanModelFile.Read(string)"/>.</param>
    /// <param name="options">Device, threads and how images are decoded; the default takes a GPU if one works.</param>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    /// <exception cref="SwanDeviceException">The device asked for, or ONNX Runtime's native library, is not there.</exception>
    public static SwanModel Open(SwanModelFile file, SwanModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Open(file, options ?? new SwanModelOptions(), shared: false);
    }

    /// <summary>Opens a model that several share: only <see cref="Close"/> closes it.</summary>
    internal static SwanModel OpenShared(SwanModelFile file, SwanModelOptions options) => Open(file, options, shared: true);

    private static SwanModel Open(SwanModelFile file, SwanModelOptions options, bool shared)
    {
        options.Check();
        ImageEncoder images = ImageEncoder.Open(file, options.Encoder);
        try
        {
            // Both towers on one device: what 'auto' took for the first holds for the second.
            CaptionEncoder captions = CaptionEncoder.Open(file, options.Encoder with { Device = images.Session.Device.Device });
            return new SwanModel(file, images, captions, options, shared);
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes no more work and releases both encoders; batches that are being encoded finish first, and calls of many batches end at their
    /// next one with <see cref="ObjectDisposedException"/>. Does nothing to <see cref="Default"/>, nor to the model of a service container.
    /// </summary>
    public void Dispose()
    {
        if (!_shared) Close();
    }

    /// <summary>What <see cref="Dispose"/> does, also to a shared model: for its owner.</summary>
    internal void Close()
    {
        ImageEncoder.Dispose();
        CaptionEncoder.Dispose();
    }
}
