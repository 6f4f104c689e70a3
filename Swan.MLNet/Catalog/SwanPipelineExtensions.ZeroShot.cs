using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.DataViews;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Microsoft.ML;

public static partial class SwanPipelineExtensions
{
    /// <summary>Appends a step that labels images with classes given as words.</summary>
    /// <param name="pipeline">The steps before, such as <c>AppendSwanEmbedding</c>.</param>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="labelOutputColumnName">The predicted class's column, a key; <c>MapKeyToValue</c> turns it into the class's words.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, C&gt;, adding up to 1.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the images' embeddings.</param>
    /// <param name="modelPath">The <c>.swan</c> file that embedded the images. It is read now, to embed the classes, and not needed afterwards.</param>
    /// <param name="options">Classes, prompts and temperature; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    /// <seealso cref="SwanZeroShotEstimator"/>
    public static EstimatorChain<SwanZeroShotTransformer> AppendSwanZeroShot(
        this IEstimator<ITransformer> pipeline, MLContext context, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, string modelPath, SwanZeroShotOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        return pipeline.Append(context.Transforms.SwanZeroShot(labelOutputColumnName, scoresOutputColumnName, inputColumnName, modelPath, options));
    }

    /// <inheritdoc cref="AppendSwanZeroShot(IEstimator{ITransformer}, MLContext, string, string, string, string, SwanZeroShotOptions)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static EstimatorChain<SwanZeroShotTransformer> AppendSwanZeroShot(
        this IEstimator<ITransformer> pipeline, MLContext context, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, string modelPath, Action<SwanZeroShotOptions> configure)
        => pipeline.AppendSwanZeroShot(context, labelOutputColumnName, scoresOutputColumnName, inputColumnName, modelPath, Configured(configure));

    /// <inheritdoc cref="AppendSwanZeroShot(IEstimator{ITransformer}, MLContext, string, string, string, string, SwanZeroShotOptions)"/>
    /// <remarks>Takes an open model, which may be disposed afterwards.</remarks>
    public static EstimatorChain<SwanZeroShotTransformer> AppendSwanZeroShot(
        this IEstimator<ITransformer> pipeline, MLContext context, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, SwanModel model, SwanZeroShotOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        return pipeline.Append(context.Transforms.SwanZeroShot(labelOutputColumnName, scoresOutputColumnName, inputColumnName, model, options));
    }

    /// <inheritdoc cref="AppendSwanZeroShot(IEstimator{ITransformer}, MLContext, string, string, string, SwanModel, SwanZeroShotOptions)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static EstimatorChain<SwanZeroShotTransformer> AppendSwanZeroShot(
        this IEstimator<ITransformer> pipeline, MLContext context, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, SwanModel model, Action<SwanZeroShotOptions> configure)
        => pipeline.AppendSwanZeroShot(context, labelOutputColumnName, scoresOutputColumnName, inputColumnName, model, Configured(configure));

    /// <summary>Makes a step that labels images with classes given as words.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="labelOutputColumnName">The predicted class's column, a key; <c>MapKeyToValue</c> turns it into the class's words.</param>
    /// <param name="scoresOutputColumnName">The scores' column, Vector&lt;Single, C&gt;, adding up to 1.</param>
    /// <param name="inputColumnName">Vector&lt;Single, D&gt;: the images' embeddings.</param>
    /// <param name="modelPath">The <c>.swan</c> file that embedded the images. It is read now, to embed the classes, and not needed afterwards.</param>
    /// <param name="options">Classes, prompts and temperature; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static SwanZeroShotEstimator SwanZeroShot(
        this TransformsCatalog catalog, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, string modelPath, SwanZeroShotOptions options)
        => SwanZeroShotEstimator.From(MlNetEnvironment.Get(catalog), labelOutputColumnName, scoresOutputColumnName, inputColumnName, modelPath, options);

    /// <inheritdoc cref="SwanZeroShot(TransformsCatalog, string, string, string, string, SwanZeroShotOptions)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static SwanZeroShotEstimator SwanZeroShot(
        this TransformsCatalog catalog, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, string modelPath, Action<SwanZeroShotOptions> configure)
        => catalog.SwanZeroShot(labelOutputColumnName, scoresOutputColumnName, inputColumnName, modelPath, Configured(configure));

    /// <inheritdoc cref="SwanZeroShot(TransformsCatalog, string, string, string, string, SwanZeroShotOptions)"/>
    /// <remarks>Takes an open model, which may be disposed afterwards.</remarks>
    public static SwanZeroShotEstimator SwanZeroShot(
        this TransformsCatalog catalog, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, SwanModel model, SwanZeroShotOptions options)
        => SwanZeroShotEstimator.From(MlNetEnvironment.Get(catalog), labelOutputColumnName, scoresOutputColumnName, inputColumnName, model, options);

    /// <inheritdoc cref="SwanZeroShot(TransformsCatalog, string, string, string, SwanModel, SwanZeroShotOptions)"/>
    /// <remarks>The lambda sets the options.</remarks>
    public static SwanZeroShotEstimator SwanZeroShot(
        this TransformsCatalog catalog, string labelOutputColumnName, string scoresOutputColumnName, string inputColumnName, SwanModel model, Action<SwanZeroShotOptions> configure)
        => catalog.SwanZeroShot(labelOutputColumnName, scoresOutputColumnName, inputColumnName, model, Configured(configure));

    private static SwanZeroShotOptions Configured(Action<SwanZeroShotOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new SwanZeroShotOptions();
        configure(options);
        return options;
    }
}
