using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Swan.MLNet.Hosting;

/// <summary>The result of <c>services.AddSwan</c>, to continue with the model's options or with other services.</summary>
public sealed class SwanBuilder
{
    /// <summary>The key of the caption generator that <c>AddSwan</c> registers: <c>swan</c>.</summary>
    public const string CaptionGeneratorKey = "swan";

    internal SwanBuilder(IServiceCollection services, string? serviceKey, OptionsBuilder<SwanOptions> options) =>
        (Services, ServiceKey, Options) = (services, serviceKey, options);

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The key of the model and its generators; null for those of <c>AddSwan</c>.</summary>
    public string? ServiceKey { get; }

    /// <summary>The model's options, to configure them from other services or to validate more.</summary>
    public OptionsBuilder<SwanOptions> Options { get; }

    /// <summary>Also registers this model's caption generator without a key, as the application's general text embedder.</summary>
    /// <remarks>
    /// Every consumer of an <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c>, such as a vector store, then gets it unless
    /// another one is registered later. It knows captions of images: English sentences of some twenty words.
    /// </remarks>
    /// <returns>This builder.</returns>
    public SwanBuilder AddUnkeyedCaptionGenerator()
    {
        string key = ServiceKey ?? CaptionGeneratorKey;
        if (Services.Any(d => d.ServiceType == typeof(Unkeyed) && Equals(d.ServiceKey, key))) return this;
        Services.AddKeyedSingleton<Unkeyed>(key);
        Services.AddSingleton(provider => provider.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(key));
        return this;
    }

    // Tells that it has been done.
    private sealed class Unkeyed;
}
