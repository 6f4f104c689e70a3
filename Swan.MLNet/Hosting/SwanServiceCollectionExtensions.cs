using System.Diagnostics.CodeAnalysis;
using Swan.MLNet.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Generators;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Swan in an application's services.</summary>
public static partial class SwanServiceCollectionExtensions
{
    /// <summary>Adds a model and its embedding generators.</summary>
    /// <remarks>
    /// Registers as singletons: <see cref="SwanModel"/>; <c>IEmbeddingGenerator&lt;DataContent, Embedding&lt;float&gt;&gt;</c> for images;
    /// and, under the key <see cref="SwanBuilder.CaptionGeneratorKey"/>, <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c>
    /// for captions. The last one without a key is an application's general text embedder, which Swan's is not; to register it as such, use
    /// <see cref="SwanBuilder.AddUnkeyedCaptionGenerator"/>. The container owns all of them: disposing a resolved service does nothing, and
    /// disposing the container closes the model. The options are validated when the host starts, all faults together; the model is opened
    /// at its first use, or at the start with <see cref="SwanOptions.WarmUp"/>. A second call changes the options of the same model; for a
    /// second model see <see cref="AddKeyedSwan"/>.
    /// <example>
    /// <code>
    /// builder.Services.AddSwan();
    /// app.MapGet("/embed", async (string text,
    ///     [FromKeyedServices(SwanBuilder.CaptionGeneratorKey)] IEmbeddingGenerator&lt;string, Embedding&lt;float>> captions) =>
    ///     await captions.GenerateVectorAsync(text));
    /// </code>
    /// </example>
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">
    /// Sets the options. Null, or no <see cref="SwanOptions.ModelPath"/>: the model inside this library, opened for these services alone.
    /// </param>
    public static SwanBuilder AddSwan(this IServiceCollection services, Action<SwanOptions>? configure = null) =>
        Add(services, null, configure);

    /// <summary>Adds one of several models under a key, with its embedding generators.</summary>
    /// <remarks>
    /// Like <see cref="AddSwan"/>, but all under the key: <c>[FromKeyedServices("rsicd")] SwanModel model</c>. The key is also the name of
    /// the options.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">The key, not empty.</param>
    /// <param name="configure">
    /// Sets the options. Null, or no <see cref="SwanOptions.ModelPath"/>: the model inside this library.
    /// </param>
    public static SwanBuilder AddKeyedSwan(this IServiceCollection services, string serviceKey, Action<SwanOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        return Add(services, serviceKey, configure);
    }

    /// <summary>Adds a pool that predicts with a saved ML.NET pipeline from any thread, and reloads the file when it changes.</summary>
    /// <remarks>
    /// Registers <see cref="SwanPredictionEnginePool{TData, TPrediction}"/> as a singleton, which the container owns. Its options are
    /// validated when the host starts; the pipeline is loaded at its first use, or at the start with
    /// <see cref="SwanPredictionEnginePoolOptions.WarmUp"/>. It uses an <see cref="MLContext"/> among the services, so custom mappings can
    /// be registered with that. A second call for the same row types changes the options of the same pool, so the last pipeline is served;
    /// for a second pool see <see cref="AddKeyedSwanPredictionEnginePool"/>.
    /// </remarks>
    /// <typeparam name="TData">The rows that come in.</typeparam>
    /// <typeparam name="TPrediction">The rows that come out.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; <see cref="SwanPredictionEnginePoolOptions.PipelinePath"/> is required.</param>
    public static IServiceCollection AddSwanPredictionEnginePool<TData, TPrediction>(
        this IServiceCollection services, Action<SwanPredictionEnginePoolOptions> configure)
        where TData : class
        where TPrediction : class, new() => AddPool<TData, TPrediction>(services, null, configure);

    /// <summary>Adds one of several pools of the same row types under a key.</summary>
    /// <remarks>Like <see cref="AddSwanPredictionEnginePool"/>, but keyed.</remarks>
    /// <typeparam name="TData">The rows that come in.</typeparam>
    /// <typeparam name="TPrediction">The rows that come out.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">The key, not empty.</param>
    /// <param name="configure">Sets the options; <see cref="SwanPredictionEnginePoolOptions.PipelinePath"/> is required.</param>
    public static IServiceCollection AddKeyedSwanPredictionEnginePool<TData, TPrediction>(
        this IServiceCollection services, string serviceKey, Action<SwanPredictionEnginePoolOptions> configure)
        where TData : class
        where TPrediction : class, new()
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        return AddPool<TData, TPrediction>(services, serviceKey, configure);
    }

    private static SwanBuilder Add(IServiceCollection services, string? key, Action<SwanOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        string name = key ?? Options.Options.DefaultName;
        OptionsBuilder<SwanOptions> options = services.AddOptionsWithValidateOnStart<SwanOptions, SwanOptionsValidation>(name);
        if (configure is not null) options.Configure(configure);
        if (!services.Has<ContainerOwned<SwanModel>>(key))
        {
            string captions = key ?? SwanBuilder.CaptionGeneratorKey;
            if (captions == SwanBuilder.CaptionGeneratorKey && services.Has<ContainerOwned<SwanModel>>(key is null ? captions : null))
            {
                throw new ArgumentException(
                    $"AddSwan and AddKeyedSwan(\"{captions}\") would both register a caption generator under the key '{captions}'. "
                    + "Give AddKeyedSwan another key.",
                    nameof(key));
            }
            services.AddOne(key, provider => new ContainerOwned<SwanModel>(
                OpenModel(provider, OptionsFor<SwanOptions>(provider, name)), static model => model.Close()));
            services.AddOne(key, provider => provider.Own<SwanModel>(key));
            services.AddOne<IEmbeddingGenerator<string, Embedding<float>>>(captions, provider => new SwanCaptionEmbeddingGenerator(
                provider.Own<SwanModel>(key), OptionsFor<SwanOptions>(provider, name).Generating,
                Logger<SwanCaptionEmbeddingGenerator>(provider)));
            services.AddOne<IEmbeddingGenerator<DataContent, Embedding<float>>>(key, provider => new SwanImageEmbeddingGenerator(
                provider.Own<SwanModel>(key), OptionsFor<SwanOptions>(provider, name).Generating));
            services.AddSingleton<IHostedService>(provider => new WarmUpService(
                provider, p => OptionsFor<SwanOptions>(p, name).WarmUp, p => p.Own<SwanModel>(key).OpenTowers()));
        }
        return new SwanBuilder(services, key, options);
    }

    private static IServiceCollection AddPool<TData, TPrediction>(
        IServiceCollection services, string? key, Action<SwanPredictionEnginePoolOptions> configure)
        where TData : class
        where TPrediction : class, new()
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        // Pools of other row types have other pipelines; ML.NET's model builder calls those of every model ModelInput and ModelOutput.
        string name = $"{typeof(TData)} → {typeof(TPrediction)}{(key is null ? "" : $", {key}")}";
        services.AddOptionsWithValidateOnStart<SwanPredictionEnginePoolOptions, SwanPredictionEnginePoolOptionsValidation>(name)
            .Configure(configure);
        if (!services.Has<ContainerOwned<SwanPredictionEnginePool<TData, TPrediction>>>(key))
        {
            services.AddOne(key, provider => new ContainerOwned<SwanPredictionEnginePool<TData, TPrediction>>(
                new SwanPredictionEnginePool<TData, TPrediction>(
                    OptionsFor<SwanPredictionEnginePoolOptions>(provider, name), provider.GetService<MLContext>(),
                    Logger<SwanPredictionEnginePool<TData, TPrediction>>(provider), shared: true),
                static pool => pool.Close()));
            services.AddOne(key, provider => provider.Own<SwanPredictionEnginePool<TData, TPrediction>>(key));
            services.AddSingleton<IHostedService>(provider => new WarmUpService(
                provider, p => OptionsFor<SwanPredictionEnginePoolOptions>(p, name).WarmUp,
                p => p.Own<SwanPredictionEnginePool<TData, TPrediction>>(key)));
        }
        return services;
    }

    private static SwanModel OpenModel(IServiceProvider provider, SwanOptions options)
    {
        bool inside = string.IsNullOrEmpty(options.ModelPath);
        (SwanModelFile File, IDisposable Kept) file =
            inside ? (SwanModelFile.Default, SwanModelFile.Default.Keep()) : SwanModelFile.OpenKept(options.ModelPath);
        SwanModel model = SwanModel.OpenShared(file, options.Opening with { Logger = Logger<SwanModel>(provider) });
        Logger<SwanModel>(provider).ModelOpened(
            inside ? "the model inside Swan.MLNet" : options.ModelPath, model.Card.Name, model.EmbeddingSize, model.DeviceReport);
        return model;
    }

    private static T OptionsFor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        IServiceProvider provider, string name)
        where T : class => provider.GetRequiredService<IOptionsMonitor<T>>().Get(name);

    private static ILogger<T> Logger<T>(IServiceProvider provider) => provider.GetService<ILogger<T>>() ?? NullLogger<T>.Instance;

    // The service of these methods, even if the application registers another one after it.
    internal static T Own<T>(this IServiceProvider provider, string? key) where T : class =>
        (key is null ? provider.GetRequiredService<ContainerOwned<T>>() : provider.GetRequiredKeyedService<ContainerOwned<T>>(key)).Service;

    // Checks only our own: an application's own model or pool doesn't prevent it.
    private static bool Has<T>(this IServiceCollection services, string? key) =>
        services.Any(d => d.ServiceType == typeof(T) && Equals(d.ServiceKey, key));

    private static void AddOne<T>(this IServiceCollection services, string? key, Func<IServiceProvider, T> make) where T : class
    {
        if (key is null) services.AddSingleton(make);
        else services.AddKeyedSingleton(key, (provider, _) => make(provider));
    }
}
