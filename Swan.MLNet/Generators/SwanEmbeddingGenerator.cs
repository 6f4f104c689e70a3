using Microsoft.Extensions.AI;
using Swan.MLNet.Models;

namespace Swan.MLNet.Generators;

/// <summary>
/// Embeds captions and images comparably with one generator, for vector stores whose records hold images and whose queries are texts.
/// </summary>
/// <remarks>
/// Texts go to a <see cref="SwanCaptionEmbeddingGenerator"/> and contents to a <see cref="SwanImageEmbeddingGenerator"/> of the same model;
/// their remarks apply. Code that takes either also takes this one. Safe for concurrent use. The generator owns the model only with
/// <see cref="SwanGeneratorOptions.OwnsModel"/>; dispose neither during a call.
/// <example>
/// <code>
/// using VectorStore store = new SwanVectorStore("stores", new() { EmbeddingGenerator = new SwanEmbeddingGenerator(model) });
/// </code>
/// </example>
/// </remarks>
public sealed class SwanEmbeddingGenerator
    : IEmbeddingGenerator<string, Embedding<float>>, IEmbeddingGenerator<DataContent, Embedding<float>>
{
    private readonly SwanCaptionEmbeddingGenerator _captions;
    private readonly SwanImageEmbeddingGenerator _images;

    /// <summary>Makes a generator.</summary>
    /// <param name="model">The model; not owned unless the options say so.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SwanEmbeddingGenerator(SwanModel model, SwanGeneratorOptions? options = null)
    {
        _captions = new SwanCaptionEmbeddingGenerator(model, options);
        _images = new SwanImageEmbeddingGenerator(model, options);
    }

    /// <inheritdoc cref="SwanCaptionEmbeddingGenerator.GenerateAsync"/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _captions.GenerateAsync(values, options, cancellationToken);

    /// <inheritdoc cref="SwanImageEmbeddingGenerator.GenerateAsync"/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<DataContent> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _images.GenerateAsync(values, options, cancellationToken);

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this
            : _captions.GetService(serviceType, serviceKey) ?? _images.GetService(serviceType, serviceKey);
    }

    /// <summary>Disposes the model if the generator owns it.</summary>
    /// <remarks>Don't call it while another call is running.</remarks>
    public void Dispose()
    {
        _captions.Dispose();
        _images.Dispose();
    }
}
