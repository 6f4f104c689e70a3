using Microsoft.Extensions.AI;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Generators;

/// <summary>Embeds images for anything that takes a Microsoft.Extensions.AI generator.</summary>
/// <remarks>
/// Takes <see cref="DataContent"/> of a media type <c>image/*</c>: bytes, a file
/// (<see cref="DataContent.LoadFromAsync(string, string?, CancellationToken)"/>) or a data URI. The bytes decide the format, not the media
/// type: all <see cref="ImageDecoder.Formats"/> are read. Answers keep the request's order and equal those of
/// <see cref="SwanModel.EmbedImages(IReadOnlyList{string}, int, IProgress{int}?, CancellationToken)"/> for the same batch size, bit for
/// bit. They have unit length and are comparable with those of <see cref="SwanCaptionEmbeddingGenerator"/> for the same model. Safe for
/// concurrent use; the work runs on the thread pool. The generator owns the model only with <see cref="SwanGeneratorOptions.OwnsModel"/>;
/// dispose neither during a call.
/// <see cref="IEmbeddingGenerator.GetService"/> gives <see cref="EmbeddingGeneratorMetadata"/>, <see cref="SwanModel"/> and
/// <see cref="ModelCard"/>.
/// <example>
/// <code>
/// IEmbeddingGenerator&lt;DataContent, Embedding&lt;float&gt;&gt; generator = new SwanImageEmbeddingGenerator(model);
/// Embedding&lt;float&gt; image = await generator.GenerateAsync(await DataContent.LoadFromAsync("airport_1.jpg"));
/// </code>
/// </example>
/// </remarks>
public sealed class SwanImageEmbeddingGenerator : IEmbeddingGenerator<DataContent, Embedding<float>>
{
    private const int MaxReported = 5;
    private readonly GeneratorRequests _requests;

    /// <summary>Makes a generator.</summary>
    /// <param name="model">The model; not owned unless the options say so.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SwanImageEmbeddingGenerator(SwanModel model, SwanGeneratorOptions? options = null) =>
        _requests = new GeneratorRequests(model, options, RowQueue.ImagesWaiting);

    /// <summary>Embeds images.</summary>
    /// <param name="values">Contents of a media type <c>image/*</c>, not null.</param>
    /// <param name="options">Dimensions and model, if given, must be this model's.</param>
    /// <param name="cancellationToken">Cancels the wait for a turn at once, and a running batch within about 50 ms.</param>
    /// <returns>One embedding for each value, in the same order.</returns>
    /// <exception cref="ArgumentException">
    /// A value is null or not an image, or the options ask for another size or model. Nothing was embedded.
    /// </exception>
    /// <exception cref="SwanImageException">An image can't be decoded; the message names its index, or its name and index.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="SwanFormatException">The image encoder is opened at its first use, and the model's file is not valid.</exception>
    /// <exception cref="SwanDeviceException">The image encoder is opened at its first use, and the device fails.</exception>
    /// <exception cref="IOException">The image encoder is opened at its first use, and the model's file can't be read.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<DataContent> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        _requests.Check(options, this);
        DataContent[] images = [.. values];
        ThrowIfNotImages(images);
        SwanModel model = _requests.Model;
        SwanGeneratorOptions settings = _requests.Options;
        ImageDecodingOptions decoding = settings.Decoding?.For(model.Card.Image) ?? model.Decoding;
        float[] embeddings = await _requests.RunAsync(
            images.Length,
            () => model.EmbedIncoming(
                images.Length, i => new IncomingBytes(images[i].Data, Name(images[i], i), decoding), settings.BatchSize, null,
                cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return _requests.Answer(embeddings);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => _requests.Service(serviceType, serviceKey, this);

    /// <summary>Disposes the model if the generator owns it, unless the generator comes from a service container.</summary>
    /// <remarks>Don't call it while another call is running.</remarks>
    public void Dispose() => _requests.Dispose();

    private static string Name(DataContent image, int i) =>
        string.IsNullOrEmpty(image.Name) ? $"image {i} of the request ({image.MediaType})" : $"{image.Name} (image {i} of the request)";

    private static void ThrowIfNotImages(DataContent[] images)
    {
        var faults = new List<string>();
        for (int i = 0; i < images.Length; i++)
        {
            if (images[i] is null) faults.Add($"content {i} is null");
            else if (!images[i].HasTopLevelMediaType("image")) faults.Add($"content {i} has the media type '{images[i].MediaType}'");
        }
        if (faults.Count == 0) return;
        string more = faults.Count > MaxReported ? $"; and {faults.Count - MaxReported} more" : "";
        throw new ArgumentException(
            $"{faults.Count} of {images.Length} contents can't be embedded, because only images can: "
            + $"{string.Join("; ", faults.Take(MaxReported))}{more}. Expected image/*, such as image/jpeg. "
            + "Embed texts with SwanCaptionEmbeddingGenerator.",
            "values");
    }
}
