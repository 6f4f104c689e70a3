using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Swan.MLNet.AutoML;

/// <summary>Makes pipeline steps from one options object each, for AutoML-style searches.</summary>
/// <remarks>
/// Each method is a factory of the form <c>(MLContext, TOptions) => IEstimator&lt;ITransformer&gt;</c>. The options have parameterless
/// constructors, survive JSON, and carry ML.NET's <c>[Range]</c>, <c>[Choice]</c> and <c>[NestOption]</c> on the values that change the
/// result, so ML.NET's AutoML accepts them as they are:
/// <example>
/// <code>
/// var features = mlContext.Auto().CreateSweepableEstimator(SwanEstimatorFactories.Features, new SearchSpace&lt;SwanFeatureStepOptions>());
/// </code>
/// </example>
/// A search that puts <see cref="Embedding"/> into each trial encodes all images in each trial. With few models and rotations, embed once,
/// cache, and sweep the later steps, as <c>samples/AutoMLPipeline</c> does. Safe for concurrent use.
/// </remarks>
public static class SwanEstimatorFactories
{
    /// <summary>Embeds images or captions.</summary>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">A column's name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static IEstimator<ITransformer> Embedding(MLContext context, SwanEmbeddingStepOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        return string.IsNullOrEmpty(options.ModelPath)
            ? context.Transforms.SwanEmbedding(options.OutputColumnName, options.InputColumnName, options.Options)
            : context.Transforms.SwanEmbedding(options.OutputColumnName, options.InputColumnName, options.ModelPath, options.Options);
    }

    /// <summary>Labels embedded images with classes given as words.</summary>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="options">Copied.</param>
    /// <exception cref="ArgumentException">A column's name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Options are missing or out of range; all are named.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use.</exception>
    public static IEstimator<ITransformer> ZeroShot(MLContext context, SwanZeroShotStepOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        return string.IsNullOrEmpty(options.ModelPath)
            ? context.Transforms.SwanZeroShot(
                options.LabelOutputColumnName, options.ScoresOutputColumnName, options.InputColumnName, options.Options)
            : context.Transforms.SwanZeroShot(
                options.LabelOutputColumnName, options.ScoresOutputColumnName, options.InputColumnName, options.ModelPath, options.Options);
    }

    /// <summary>Turns an embedding into features: principal components if fewer values are wanted, then scaling.</summary>
    /// <remarks>All its transformers are ML.NET's own.</remarks>
    /// <param name="context">The ML.NET context.</param>
    /// <param name="options">Read now.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; all such options are named.</exception>
    public static IEstimator<ITransformer> Features(MLContext context, SwanFeatureStepOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        string output = options.OutputColumnName;
        // Draws once from the context's generator, whatever is made and however often it is fitted: a later trainer must not depend on the
        // options.
        IHostEnvironment environment = ((IHostEnvironment)context).Register("SwanFeatures");
        var transforms = new TransformsCatalog(environment);
        IEstimator<ITransformer> reduced = options.Dimensions == 0
            ? transforms.CopyColumns(output, options.InputColumnName)
            : new PrincipalComponents(environment, output, options.InputColumnName, options.Dimensions);
        return options.Normalization switch
        {
            SwanNormalization.UnitLength => reduced.Append(transforms.NormalizeLpNorm(output)),
            SwanNormalization.Standard => reduced.Append(transforms.NormalizeMeanVariance(output, fixZero: false)),
            _ => reduced,
        };
    }
}
