using Swan.Training.Estimators;
using Swan.MLNet;

namespace Microsoft.ML;

/// <summary>What Swan.Training adds to <c>mlContext.Swan()</c>.</summary>
public static class SwanTrainerExtensions
{
    /// <summary>Makes an estimator that trains SWAN on rows of image paths and captions.</summary>
    /// <param name="catalog"><c>mlContext.Swan()</c>.</param>
    /// <param name="options">Null uses the defaults, which depend on the rows. Options are copied.</param>
    /// <remarks>
    /// <example>
    /// <code>
    /// SwanEmbeddingTransformer embed = mlContext.Swan().Trainer(o =>
    /// {
    ///     o.ImageColumnName = "Path";
    ///     o.CaptionColumnName = "Sentences";
    ///     o.Training = new() { Epochs = 10, FreezeBackbone = false };
    /// }).Fit(data);
    /// </code>
    /// </example>
    /// </remarks>
    /// <exception cref="ArgumentException">Options are invalid; the message names each one and the reason.</exception>
    public static SwanTrainerEstimator Trainer(this SwanCatalog catalog, SwanTrainerEstimatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SwanTrainerEstimator(catalog.Environment, options ?? new SwanTrainerEstimatorOptions());
    }

    /// <inheritdoc cref="Trainer(SwanCatalog, SwanTrainerEstimatorOptions?)" path="/*[not(self::param)]"/>
    /// <param name="catalog"><c>mlContext.Swan()</c>.</param>
    /// <param name="configure">Sets the options.</param>
    public static SwanTrainerEstimator Trainer(this SwanCatalog catalog, Action<SwanTrainerEstimatorOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new SwanTrainerEstimatorOptions();
        configure(options);
        return catalog.Trainer(options);
    }
}
