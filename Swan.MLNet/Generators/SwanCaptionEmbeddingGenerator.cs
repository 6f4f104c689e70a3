using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Text;

namespace Swan.MLNet.Generators;

/// <summary>
/// Embeds captions and queries for anything that takes a Microsoft.Extensions.AI generator, such as a vector store.
/// </summary>
/// <remarks>
/// Answers keep the request's order and equal those of
/// <see cref="SwanModel.EmbedCaptions(IReadOnlyList{string}, int, IProgress{int}?, CancellationToken)"/> for the same batch size, bit for
/// bit. They have unit length and are comparable with those of <see cref="SwanImageEmbeddingGenerator"/> for the same model.
/// <see cref="GeneratedEmbeddings{TEmbedding}.Usage"/> counts the tokens that the encoder saw. A caption that was cut because it was longer
/// than the model takes has <c>swan.truncated</c> = true in its <see cref="Embedding.AdditionalProperties"/>, and is logged as a warning.
/// A text without a known word is refused (<see cref="SwanTextException"/>) as bad input, for which a web application returns status 400.
/// Safe for concurrent use; the work runs on the thread pool. The generator owns the model only with
/// <see cref="SwanGeneratorOptions.OwnsModel"/>; dispose neither during a call.
/// <see cref="IEmbeddingGenerator.GetService"/> gives <see cref="EmbeddingGeneratorMetadata"/>, <see cref="SwanModel"/> and
/// <see cref="ModelCard"/>.
/// <example>
/// <code>
/// IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt; generator = new SwanCaptionEmbeddingGenerator(model);
/// ReadOnlyMemory&lt;float&gt; query = await generator.GenerateVectorAsync("planes parked beside a terminal");
/// </code>
/// </example>
/// </remarks>
public sealed class SwanCaptionEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The additional property of an embedding whose caption was cut.</summary>
    public const string TruncatedProperty = "swan.truncated";

    private readonly GeneratorRequests _requests;
    private readonly ILogger _logger;

    /// <summary>Makes a generator.</summary>
    /// <param name="model">The model; not owned unless the options say so.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="logger">Null logs nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SwanCaptionEmbeddingGenerator(
        SwanModel model, SwanGeneratorOptions? options = null, ILogger<SwanCaptionEmbeddingGenerator>? logger = null)
    {
        _requests = new GeneratorRequests(model, options, RowQueue.CaptionsWaiting);
        _logger = logger ?? NullLogger<SwanCaptionEmbeddingGenerator>.Instance;
    }

    /// <summary>Embeds captions.</summary>
    /// <param name="values">Texts that are not null, each with a word that the model knows (<see cref="SwanModel.HasWords"/>).</param>
    /// <param name="options">Dimensions and model, if given, must be this model's.</param>
    /// <param name="cancellationToken">Cancels the wait for a turn at once, and a running batch within about 50 ms.</param>
    /// <returns>One embedding for each value, in the same order.</returns>
    /// <exception cref="SwanTextException">The model knows no word of some values. The message names the first ones, and nothing is
    /// embedded.</exception>
    /// <exception cref="ArgumentException">A value is null, or the options ask for another size or model.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="SwanFormatException">The text encoder is opened at its first use, and the model's file is not valid.</exception>
    /// <exception cref="SwanDeviceException">The text encoder is opened at its first use, and the device fails.</exception>
    /// <exception cref="IOException">The text encoder is opened at its first use, and the model's file can't be read.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        _requests.Check(options, this);
        string[] captions = [.. values];
        SwanModel model = _requests.Model;
        (TokenizedCaption[] tokenized, float[] embeddings) = await _requests.RunAsync(
            captions.Length,
            () =>
            {
                TokenizedCaption[] ids = model.TokenizeWords(captions.Length, i => captions[i], nameof(values), cancellationToken);
                return (ids, model.EmbedCaptions(ids, _requests.Options.BatchSize, null, cancellationToken));
            },
            cancellationToken).ConfigureAwait(false);

        GeneratedEmbeddings<Embedding<float>> answer = _requests.Answer(embeddings);
        long tokens = 0;
        int cut = 0;
        for (int i = 0; i < tokenized.Length; i++)
        {
            tokens += tokenized[i].Ids.Length;
            if (!tokenized[i].Truncated) continue;
            cut++;
            answer[i].AdditionalProperties = new() { [TruncatedProperty] = true };
        }
        if (cut > 0) _logger.CaptionsCut(cut, tokenized.Length, model.Tokenizer.MaxLength);
        answer.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return answer;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => _requests.Service(serviceType, serviceKey, this);

    /// <summary>Disposes the model if the generator owns it, unless the generator comes from a service container.</summary>
    /// <remarks>Don't call it while another call is running.</remarks>
    public void Dispose() => _requests.Dispose();
}
