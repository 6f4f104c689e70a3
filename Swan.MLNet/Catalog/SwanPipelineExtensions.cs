using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.DataViews;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Microsoft.ML;

/// <summary>SWAN steps of ML.NET pipelines: output column first, input column second.</summary>
/// <remarks>
/// A step without a model uses the one inside this library. With a path, it reads and checks that <c>.swan</c> file at once, and the
/// transformer owns the opened model. A <see cref="SwanModel"/> remains the caller's, who disposes it after the last row; open one if
/// several steps use it.
/// <example>
/// <code>
/// var pipeline = mlContext.Transforms.SwanEmbedding("Embedding", "ImagePath")
/// .Append(mlContext.Transforms.SwanZeroShot("Label", "Score", "Embedding", new SwanZeroShotOptions { Classes = ["airport", "harbor"] }));
/// </code>
/// </example>
/// <c>pipeline.AppendSwanEmbedding(mlContext, …)</c> is the same as <c>pipeline.Append(mlContext.Transforms.SwanEmbedding(…))</c>, and so
/// on.
/// </remarks>
/// <seealso cref="SwanEmbeddingEstimator"/>
public static partial class SwanPipelineExtensions
{
    /// <summary>Returns Swan's additions to this context besides pipeline steps.</summary>
    /// <param name="context">The ML.NET context.</param>
    public static SwanCatalog Swan(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new SwanCatalog(context);
    }

    /// <summary>Makes a step that embeds images (or captions, by <see cref="SwanEmbeddingOptions.Input"/>) with the model inside this
    /// library.</summary>
    /// <remarks>
    /// All such steps share <see cref="SwanModel.Default"/>; one whose options name a device, threads or spinning opens its own encoders. A
    /// saved pipeline contains its encoder, so it gives the same embeddings even if the library has another model. <c>new() { … }</c> and
    /// <c>null</c> need the parameter's name:
    /// <c>options: new() { … }</c>.
    /// </remarks>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Paths (text), encoded image files (Vector&lt;Byte&gt;) or images. Null: the same name as the
    /// output.</param>
    /// <param name="options">Null takes the defaults; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">A column's name is empty, or the input column's looks like a model file.</exception>
    public static SwanEmbeddingEstimator SwanEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, SwanEmbeddingOptions? options = null)
        => SwanEmbeddingEstimator.From(MlNetEnvironment.Get(catalog), outputColumnName, inputColumnName, options);

    /// <summary>Makes a step that embeds images (or captions, by <see cref="SwanEmbeddingOptions.Input"/>) with a model file.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Paths (text), encoded image files (Vector&lt;Byte&gt;) or images. Null: the same name as the
    /// output.</param>
    /// <param name="modelPath">The <c>.swan</c> file.</param>
    /// <param name="options">Null takes the defaults; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static SwanEmbeddingEstimator SwanEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, string modelPath,
        SwanEmbeddingOptions? options = null)
        => SwanEmbeddingEstimator.From(MlNetEnvironment.Get(catalog), outputColumnName, inputColumnName, modelPath, options);

    /// <summary>Makes a step that embeds images (or captions, by <see cref="SwanEmbeddingOptions.Input"/>) with an open model.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Paths (text), encoded image files (Vector&lt;Byte&gt;) or images. Null: the same name as the
    /// output.</param>
    /// <param name="model">The caller disposes it, after the last row.</param>
    /// <param name="options">Null takes the defaults; copied. Device, threads and spinning were decided when the model was opened.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">Options name a device, threads or spinning.</exception>
    public static SwanEmbeddingEstimator SwanEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, SwanModel model,
        SwanEmbeddingOptions? options = null)
        => SwanEmbeddingEstimator.From(MlNetEnvironment.Get(catalog), outputColumnName, inputColumnName, model, options);

    /// <summary>Appends the step of <see cref="SwanEmbedding(TransformsCatalog, string, string?, SwanEmbeddingOptions?)"/>.</summary>
    /// <param name="pipeline">The steps before.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Paths (text), encoded image files (Vector&lt;Byte&gt;) or images. Null: the same name as the
    /// output.</param>
    /// <param name="options">Null takes the defaults; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">A column's name is empty, or the input column's looks like a model file.</exception>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName = null,
        SwanEmbeddingOptions? options = null)
        => pipeline.Append(Transforms(context).SwanEmbedding(outputColumnName, inputColumnName, options));

    /// <summary>Appends the step of
    /// <see cref="SwanEmbedding(TransformsCatalog, string, string?, string, SwanEmbeddingOptions?)"/>.</summary>
    /// <param name="pipeline">The steps before.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Paths (text), encoded image files (Vector&lt;Byte&gt;) or images. Null: the same name as the
    /// output.</param>
    /// <param name="modelPath">The <c>.swan</c> file.</param>
    /// <param name="options">Null takes the defaults; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, string modelPath,
        SwanEmbeddingOptions? options = null)
        => pipeline.Append(Transforms(context).SwanEmbedding(outputColumnName, inputColumnName, modelPath, options));

    /// <summary>Appends the step of
    /// <see cref="SwanEmbedding(TransformsCatalog, string, string?, SwanModel, SwanEmbeddingOptions?)"/>.</summary>
    /// <param name="pipeline">The steps before.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Paths (text), encoded image files (Vector&lt;Byte&gt;) or images. Null: the same name as the
    /// output.</param>
    /// <param name="model">The caller disposes it, after the last row.</param>
    /// <param name="options">Null takes the defaults; copied. Device, threads and spinning were decided when the model was opened.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">Options name a device, threads or spinning.</exception>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, SwanModel model,
        SwanEmbeddingOptions? options = null)
        => pipeline.Append(Transforms(context).SwanEmbedding(outputColumnName, inputColumnName, model, options));

    private static TransformsCatalog Transforms(MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Transforms;
    }
}
