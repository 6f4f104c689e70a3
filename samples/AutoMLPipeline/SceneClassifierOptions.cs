using System.Globalization;
using Microsoft.ML.SearchSpace;
using Swan.MLNet.AutoML;

namespace AutoMLPipeline;

/// <summary>
/// Everything that a scene classifier is made of. ML.NET's annotations say what a search may change; none of it trains an encoder.
/// </summary>
public sealed class SceneClassifierOptions
{
    /// <summary>
    /// Which model embeds the images, and over how many rotations. The candidates for its <c>ModelPath</c> come from the command line.
    /// </summary>
    [NestOption]
    public SwanEmbeddingStepOptions Embedding { get; set; } = new();

    /// <summary>How wide the embedding stays, and how it is scaled.</summary>
    [NestOption]
    public SwanFeatureStepOptions Features { get; set; } = new();

    [Choice(SceneTrainer.MaximumEntropy, SceneTrainer.LightGbm)]
    public SceneTrainer Trainer { get; set; } = SceneTrainer.MaximumEntropy;

    /// <summary>Read when <see cref="Trainer"/> says so.</summary>
    [NestOption]
    public MaximumEntropyOptions MaximumEntropy { get; set; } = new();

    /// <summary>Read when <see cref="Trainer"/> says so.</summary>
    [NestOption]
    public BoostingOptions LightGbm { get; set; } = new();

    /// <summary>The settings that have an effect: two options with the same text make the same classifier.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Path.GetFileName(Embedding.ModelPath)} ×{Embedding.Options.Rotations}, "
        + $"{(Features.Dimensions == 0 ? "all" : Features.Dimensions)} dimensions, scaling {Features.Normalization}, "
        + $"{(Trainer == SceneTrainer.LightGbm ? LightGbm : MaximumEntropy)}");
}
