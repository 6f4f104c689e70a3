using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Microsoft.ML;

// Captions: the embedding step with its input set to captions.
public static partial class SwanPipelineExtensions
{
    /// <summary>Makes a step that embeds captions or queries with the model inside this library; image embeddings without a model can be
    /// compared with its output.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Text. Null: the same name as the output.</param>
    /// <param name="options">Null takes the defaults; copied. <see cref="SwanEmbeddingOptions.Input"/> is set to captions.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">A column's name is empty, or the input column's looks like a model file.</exception>
    public static SwanEmbeddingEstimator SwanCaptionEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, SwanEmbeddingOptions? options = null)
        => catalog.SwanEmbedding(outputColumnName, inputColumnName, Captions(options));

    /// <summary>Makes a step that embeds captions or queries with a model file.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Text. Null: the same name as the output.</param>
    /// <param name="modelPath">The <c>.swan</c> file.</param>
    /// <param name="options">Null takes the defaults; copied. <see cref="SwanEmbeddingOptions.Input"/> is set to captions.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static SwanEmbeddingEstimator SwanCaptionEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, string modelPath,
        SwanEmbeddingOptions? options = null)
        => catalog.SwanEmbedding(outputColumnName, inputColumnName, modelPath, Captions(options));

    /// <summary>Makes a step that embeds captions or queries with an open model.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Text. Null: the same name as the output.</param>
    /// <param name="model">The caller disposes it, after the last row.</param>
    /// <param name="options">Null takes the defaults; copied. <see cref="SwanEmbeddingOptions.Input"/> is set to captions.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">Options name a device, threads or spinning.</exception>
    public static SwanEmbeddingEstimator SwanCaptionEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, SwanModel model,
        SwanEmbeddingOptions? options = null)
        => catalog.SwanEmbedding(outputColumnName, inputColumnName, model, Captions(options));

    /// <summary>Appends the step of
    /// <see cref="SwanCaptionEmbedding(TransformsCatalog, string, string?, SwanEmbeddingOptions?)"/>.</summary>
    /// <param name="pipeline">The steps before.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Text. Null: the same name as the output.</param>
    /// <param name="options">Null takes the defaults; copied. <see cref="SwanEmbeddingOptions.Input"/> is set to captions.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">A column's name is empty, or the input column's looks like a model file.</exception>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanCaptionEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName = null,
        SwanEmbeddingOptions? options = null)
        => pipeline.Append(Transforms(context).SwanCaptionEmbedding(outputColumnName, inputColumnName, options));

    /// <summary>Appends the step of
    /// <see cref="SwanCaptionEmbedding(TransformsCatalog, string, string?, string, SwanEmbeddingOptions?)"/>.</summary>
    /// <param name="pipeline">The steps before.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Text. Null: the same name as the output.</param>
    /// <param name="modelPath">The <c>.swan</c> file.</param>
    /// <param name="options">Null takes the defaults; copied. <see cref="SwanEmbeddingOptions.Input"/> is set to captions.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanCaptionEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, string modelPath,
        SwanEmbeddingOptions? options = null)
        => pipeline.Append(Transforms(context).SwanCaptionEmbedding(outputColumnName, inputColumnName, modelPath, options));

    /// <summary>Appends the step of
    /// <see cref="SwanCaptionEmbedding(TransformsCatalog, string, string?, SwanModel, SwanEmbeddingOptions?)"/>.</summary>
    /// <param name="pipeline">The steps before.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Text. Null: the same name as the output.</param>
    /// <param name="model">The caller disposes it, after the last row.</param>
    /// <param name="options">Null takes the defaults; copied. <see cref="SwanEmbeddingOptions.Input"/> is set to captions.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">Options name a device, threads or spinning.</exception>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanCaptionEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, SwanModel model,
        SwanEmbeddingOptions? options = null)
        => pipeline.Append(Transforms(context).SwanCaptionEmbedding(outputColumnName, inputColumnName, model, options));

    private static SwanEmbeddingOptions Captions(SwanEmbeddingOptions? options)
    {
        SwanEmbeddingOptions copy = options?.Copy() ?? new SwanEmbeddingOptions();
        copy.Input = SwanInput.Caption;
        return copy;
    }
}
