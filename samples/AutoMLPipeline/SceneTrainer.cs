using System.Text.Json.Serialization;

namespace AutoMLPipeline;

[JsonConverter(typeof(JsonStringEnumConverter<SceneTrainer>))]
public enum SceneTrainer
{
    /// <summary>Multinomial logistic regression.</summary>
    MaximumEntropy,

    /// <summary>Gradient-boosted trees.</summary>
    LightGbm,
}
