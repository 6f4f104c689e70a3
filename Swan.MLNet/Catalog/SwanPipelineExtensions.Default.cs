using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.DataViews;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Microsoft.ML;

// The same steps with the model inside the library.
public static partial class SwanPipelineExtensions
{
    /// <summary>Appends a step that embeds images (or captions, by <see cref="SwanEmbeddingOptions.Input"/>) with the model that comes inside this library.</summary>
    /// <remarks>
    /// All such steps share <see cref="SwanModel.Default"/>; one whose options name a device, threads or spinning opens encoders of its own. A saved pipeline holds
    /// its encoder, so that it gives the same embeddings where the library has another model. Options that are written as <c>new() { … }</c> or <c>null</c> need their name: <c>options: new() { … }</c>.
    /// </remarks>
    /// <param name="pipeline">The steps before.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Image paths (text) or images; captions if the options say so. Null: the same name as the output.</param>
    /// <param name="options">Null takes the defaults; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">A column's name is empty, or the input's is that of a model file.</exception>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, SwanEmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return pipeline.Append(context.Transforms.SwanEmbedding(outputColumnName, inputColumnName, options));
    }

    /// <inheritdoc cref="AppendSwanEmbedding(IEstimator{ITransformer}, MLContext, string, string?, SwanEmbeddingOptions?)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, Action<SwanEmbeddingOptions> configure)
        => pipeline.AppendSwanEmbedding(context, outputColumnName, inputColumnName, Configured(configure));

    /// <summary>Appends a step that embeds captions or queries with the model that comes inside this library.</summary>
    /// <remarks>As the step for images; the two can be compared.</remarks>
    /// <param name="pipeline">The steps before.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Text. Null: the same name as the output.</param>
    /// <param name="options">Null takes the defaults; copied. <see cref="SwanEmbeddingOptions.Input"/> is set to captions.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">A column's name is empty, or the input's is that of a model file.</exception>
    public static EstimatorChain<SwanEmbeddingTransformer> AppendSwanCaptionEmbedding(
        this IEstimator<ITransformer> pipeline, MLContext context, string outputColumnName, string? inputColumnName, SwanEmbeddingOptions? options = null)
        => pipeline.AppendSwanEmbedding(context, outputColumnName, inputColumnName, Captions(options));

    /// <summary>Appends a step that labels images with classes given as words, with the model that comes inside this library.</summary>
    /// <param name="pipeline">The steps before, such as <c>AppendSwanEmbedding</c> without a model.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="labelOutputColumnName">The predicted class's column, a key; <c>MapKeyToValue</c> turns it into the class's words.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, C&gt;, adding up to 1.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the images' embeddings.</param>
    /// <param name="options">Classes, prompts and temperature; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="SwanDeviceException">ONNX Runtime's native library is not there.</exception>
    /// <seealso cref="SwanZeroShotEstimator"/>
    public static EstimatorChain<SwanZeroShotTransformer> AppendSwanZeroShot(
        this IEstimator<ITransformer> pipeline, MLContext context, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, SwanZeroShotOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        return pipeline.Append(context.Transforms.SwanZeroShot(labelOutputColumnName, scoresOutputColumnName, inputColumnName, options));
    }

    /// <inheritdoc cref="AppendSwanZeroShot(IEstimator{ITransformer}, MLContext, string, string, string, SwanZeroShotOptions)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static EstimatorChain<SwanZeroShotTransformer> AppendSwanZeroShot(
        this IEstimator<ITransformer> pipeline, MLContext context, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, Action<SwanZeroShotOptions> configure)
        => pipeline.AppendSwanZeroShot(context, labelOutputColumnName, scoresOutputColumnName, inputColumnName, Configured(configure));

    /// <summary>Makes a step that embeds images (or captions, by <see cref="SwanEmbeddingOptions.Input"/>) with the model that comes inside this library.</summary>
    /// <inheritdoc cref="AppendSwanEmbedding(IEstimator{ITransformer}, MLContext, string, string?, SwanEmbeddingOptions?)" path="/remarks"/>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Image paths (text) or images; captions if the options say so. Null: the same name as the output.</param>
    /// <param name="options">Null takes the defaults; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">A column's name is empty, or the input's is that of a model file.</exception>
    public static SwanEmbeddingEstimator SwanEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, SwanEmbeddingOptions? options = null)
        => SwanEmbeddingEstimator.From(MlNetEnvironment.Get(catalog), outputColumnName, inputColumnName, options);

    /// <inheritdoc cref="SwanEmbedding(TransformsCatalog, string, string?, SwanEmbeddingOptions?)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static SwanEmbeddingEstimator SwanEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, Action<SwanEmbeddingOptions> configure)
        => catalog.SwanEmbedding(outputColumnName, inputColumnName, Configured(configure));

    /// <summary>Makes a step that embeds captions or queries with the model that comes inside this library.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The embedding's column, Vector&lt;Single, D&gt;, unit length.</param>
    /// <param name="inputColumnName">Text. Null: the same name as the output.</param>
    /// <param name="options">Null takes the defaults; copied. <see cref="SwanEmbeddingOptions.Input"/> is set to captions.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="ArgumentException">A column's name is empty, or the input's is that of a model file.</exception>
    public static SwanEmbeddingEstimator SwanCaptionEmbedding(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, SwanEmbeddingOptions? options = null)
        => catalog.SwanEmbedding(outputColumnName, inputColumnName, Captions(options));

    /// <summary>Makes a step that labels images with classes given as words, with the model that comes inside this library.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="labelOutputColumnName">The predicted class's column, a key; <c>MapKeyToValue</c> turns it into the class's words.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, C&gt;, adding up to 1.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the images' embeddings.</param>
    /// <param name="options">Classes, prompts and temperature; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="SwanDeviceException">ONNX Runtime's native library is not there.</exception>
    public static SwanZeroShotEstimator SwanZeroShot(
        this TransformsCatalog catalog, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, SwanZeroShotOptions options)
        => SwanZeroShotEstimator.From(MlNetEnvironment.Get(catalog), labelOutputColumnName, scoresOutputColumnName, inputColumnName, options);

    /// <inheritdoc cref="SwanZeroShot(TransformsCatalog, string, string, string, SwanZeroShotOptions)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static SwanZeroShotEstimator SwanZeroShot(
        this TransformsCatalog catalog, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, Action<SwanZeroShotOptions> configure)
        => catalog.SwanZeroShot(labelOutputColumnName, scoresOutputColumnName, inputColumnName, Configured(configure));
}
