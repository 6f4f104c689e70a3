using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;
using Swan.MLNet.AutoML;

namespace AutoMLPipeline;

/// <summary>
/// Options in, estimators out: factories of the form that ML.NET's AutoML takes,
/// <c>(MLContext, TOptions) => IEstimator&lt;ITransformer></c>.
/// </summary>
internal static class SceneClassifier
{
    /// <summary>Column names that the data has.</summary>
    public const string Embedding = "Embedding", Label = "Label", Features = "Features";

    /// <summary>What follows the embedding: this part is fitted again for every trial and fold.</summary>
    public static IEstimator<ITransformer> Head(MLContext ml, SceneClassifierOptions options)
    {
        options.Features.InputColumnName = Embedding;
        options.Features.OutputColumnName = Features;
        return SwanEstimatorFactories.Features(ml, options.Features).AppendCacheCheckpoint(ml).Append(Trainer(ml, options));
    }

    /// <summary>The first step, whose output a search computes once for each model and number of rotations.</summary>
    public static IEstimator<ITransformer> Embed(MLContext ml, SceneClassifierOptions options)
    {
        options.Embedding.OutputColumnName = Embedding;
        return SwanEstimatorFactories.Embedding(ml, options.Embedding);
    }

    private static IEstimator<ITransformer> Trainer(MLContext ml, SceneClassifierOptions options) => options.Trainer switch
    {
        SceneTrainer.LightGbm => ml.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options
        {
            LabelColumnName = Label,
            FeatureColumnName = Features,
            NumberOfLeaves = options.LightGbm.Leaves,
            NumberOfIterations = options.LightGbm.Rounds,
            LearningRate = options.LightGbm.LearningRate,
            MinimumExampleCountPerLeaf = 5,
        }),
        _ => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            Label, Features, l1Regularization: options.MaximumEntropy.L1, l2Regularization: options.MaximumEntropy.L2),
    };
}
