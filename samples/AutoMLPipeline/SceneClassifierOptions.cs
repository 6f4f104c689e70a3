using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.ML.SearchSpace;
using Swan.MLNet.AutoML;

namespace AutoMLPipeline;

/// <summary>Everything that a scene classifier is made of. ML.NET's annotations say what a search may change; none of it trains an encoder.</summary>
public sealed class SceneClassifierOptions
{
    /// <summary>Which model embeds the images, and over how many rotations. The candidates for its <c>ModelPath</c> come from the command line.</summary>
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
        $"{Path.GetFileName(Embedding.ModelPath)} ×{Embedding.Options.Rotations}, {(Features.Dimensions == 0 ? "all" : Features.Dimensions)} dimensions, scaling {Features.Normalization}, {(Trainer == SceneTrainer.LightGbm ? LightGbm : MaximumEntropy)}");
}

[JsonConverter(typeof(JsonStringEnumConverter<SceneTrainer>))]
public enum SceneTrainer
{
    /// <summary>Multinomial logistic regression.</summary>
    MaximumEntropy,

    /// <summary>Gradient-boosted trees.</summary>
    LightGbm,
}

public sealed class MaximumEntropyOptions
{
    [Range(1e-6f, 1f, 1e-3f, true)]
    public float L1 { get; set; } = 1e-3f;

    [Range(1e-6f, 1f, 1e-3f, true)]
    public float L2 { get; set; } = 1e-3f;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"maximum entropy L1 {L1:G2} L2 {L2:G2}");
}

public sealed class BoostingOptions
{
    [Range(4, 32, 8, true)]
    public int Leaves { get; set; } = 8;

    [Range(10, 100, 40, true)]
    public int Rounds { get; set; } = 40;

    [Range(0.05, 0.5, 0.2, true)]
    public double LearningRate { get; set; } = 0.2;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"LightGBM {Leaves} leaves {Rounds} rounds at {LearningRate:G2}");
}
