using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.DataViews;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Microsoft.ML;

/// <summary>SWAN embeddings as pipeline steps: output column first, input column second, as in ML.NET.</summary>
/// <remarks>
/// Every step takes the model as a path, as an open <see cref="SwanModel"/>, or not at all: then it is the one inside this library. A path is read and
/// checked at once, and the pipeline owns what it opens. A <see cref="SwanModel"/> stays its owner's, and is worth opening when several steps use the same model.
/// </remarks>
/// <seealso cref="SwanEmbeddingEstimator"/>
public static partial class SwanPipelineExtensions
{
    /// <summary>What Swan adds to this context besides pipeline steps.</summary>
    public static SwanCatalog Swan(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new SwanCatalog(context);
    }

    /// <summary>Appends a step that embeds images (or captions, by <see cref="SwanEmbeddingOptions.Input"/>).</summary>
    /// <param name="pipeline">The steps before.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Image paths (text) or images; captions if the options say so. Null: the same name as the output.</param>
    /// <param name="modelPath">The <c>.swan</c> file.</param>
    /// <param name="options">Null takes the defaults; copied.</param>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, string modelPath, SwanEmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return pipeline.Append(context.Transforms.SwanEmbedding(outputColumnName, inputColumnName, modelPath, options));
    }

    /// <inheritdoc cref="AppendSwanEmbedding(IEstimator{ITransformer}, MLContext, string, string?, string, SwanEmbeddingOptions?)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, string modelPath, Action<SwanEmbeddingOptions> configure)
        => pipeline.AppendSwanEmbedding(context, outputColumnName, inputColumnName, modelPath, Configured(configure));

    /// <inheritdoc cref="AppendSwanEmbedding(IEstimator{ITransformer}, MLContext, string, string?, string, SwanEmbeddingOptions?)"/>
    /// <remarks>Takes an open model; the caller disposes it, after the last row.</remarks>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, SwanModel model, SwanEmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return pipeline.Append(context.Transforms.SwanEmbedding(outputColumnName, inputColumnName, model, options));
    }

    /// <inheritdoc cref="AppendSwanEmbedding(IEstimator{ITransformer}, MLContext, string, string?, SwanModel, SwanEmbeddingOptions?)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, SwanModel model, Action<SwanEmbeddingOptions> configure)
        => pipeline.AppendSwanEmbedding(context, outputColumnName, inputColumnName, model, Configured(configure));

    /// <summary>Appends a step that embeds captions or queries.</summary>
    /// <param name="pipeline">The steps before.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Text. Null: the same name as the output.</param>
    /// <param name="modelPath">The <c>.swan</c> file.</param>
    /// <param name="options">Null takes the defaults; copied. <see cref="SwanEmbeddingOptions.Input"/> is set to captions.</param>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanCaptionEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, string modelPath, SwanEmbeddingOptions? options = null)
        => pipeline.AppendSwanEmbedding(context, outputColumnName, inputColumnName, modelPath, Captions(options));

    /// <inheritdoc cref="AppendSwanCaptionEmbedding(IEstimator{ITransformer}, MLContext, string, string?, string, SwanEmbeddingOptions?)"/>
    /// <remarks>Takes an open model; the caller disposes it, after the last row.</remarks>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanCaptionEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, SwanModel model, SwanEmbeddingOptions? options = null)
        => pipeline.AppendSwanEmbedding(context, outputColumnName, inputColumnName, model, Captions(options));

    /// <summary>Makes a step that embeds images (or captions, by <see cref="SwanEmbeddingOptions.Input"/>).</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Image paths (text) or images; captions if the options say so. Null: the same name as the output.</param>
    /// <param name="modelPath">The <c>.swan</c> file.</param>
    /// <param name="options">Null takes the defaults; copied.</param>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static SwanEmbeddingEstimator SwanEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, string modelPath, SwanEmbeddingOptions? options = null)
        => SwanEmbeddingEstimator.From(MlNetEnvironment.Get(catalog), outputColumnName, inputColumnName, modelPath, options);

    /// <inheritdoc cref="SwanEmbedding(TransformsCatalog, string, string?, string, SwanEmbeddingOptions?)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static SwanEmbeddingEstimator SwanEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, string modelPath, Action<SwanEmbeddingOptions> configure)
        => catalog.SwanEmbedding(outputColumnName, inputColumnName, modelPath, Configured(configure));

    /// <inheritdoc cref="SwanEmbedding(TransformsCatalog, string, string?, string, SwanEmbeddingOptions?)"/>
    /// <remarks>Takes an open model; the caller disposes it, after the last row.</remarks>
    public static SwanEmbeddingEstimator SwanEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, SwanModel model, SwanEmbeddingOptions? options = null)
        => SwanEmbeddingEstimator.From(MlNetEnvironment.Get(catalog), outputColumnName, inputColumnName, model, options);

    /// <inheritdoc cref="SwanEmbedding(TransformsCatalog, string, string?, SwanModel, SwanEmbeddingOptions?)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static SwanEmbeddingEstimator SwanEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, SwanModel model, Action<SwanEmbeddingOptions> configure)
        => catalog.SwanEmbedding(outputColumnName, inputColumnName, model, Configured(configure));

    /// <summary>Makes a step that embeds captions or queries.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Text. Null: the same name as the output.</param>
    /// <param name="modelPath">The <c>.swan</c> file.</param>
    /// <param name="options">Null takes the defaults; copied. <see cref="SwanEmbeddingOptions.Input"/> is set to captions.</param>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static SwanEmbeddingEstimator SwanCaptionEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, string modelPath, SwanEmbeddingOptions? options = null)
        => catalog.SwanEmbedding(outputColumnName, inputColumnName, modelPath, Captions(options));

    /// <inheritdoc cref="SwanCaptionEmbedding(TransformsCatalog, string, string?, string, SwanEmbeddingOptions?)"/>
    /// <remarks>Takes an open model; the caller disposes it, after the last row.</remarks>
    public static SwanEmbeddingEstimator SwanCaptionEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, SwanModel model, SwanEmbeddingOptions? options = null)
        => catalog.SwanEmbedding(outputColumnName, inputColumnName, model, Captions(options));

    private static SwanEmbeddingOptions Configured(Action<SwanEmbeddingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new SwanEmbeddingOptions();
        configure(options);
        return options;
    }

    private static SwanEmbeddingOptions Captions(SwanEmbeddingOptions? options)
    {
        SwanEmbeddingOptions copy = options?.Copy() ?? new SwanEmbeddingOptions();
        copy.Input = SwanInput.Caption;
        return copy;
    }
}
