using Microsoft.ML.SearchSpace;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.AutoML;

/// <summary>All that <see cref="SwanEstimatorFactories.ZeroShot"/> needs, in a form that AutoML can sweep.</summary>
public sealed class SwanZeroShotStepOptions
{
    /// <summary>The <c>.swan</c> file that embedded the images; empty, the default, means the included model.</summary>
    public string ModelPath { get; set; } = "";

    /// <summary>The added column with the predicted class, a key (default <c>PredictedLabel</c>).</summary>
    public string LabelOutputColumnName { get; set; } = "PredictedLabel";

    /// <summary>The added column with the classes' scores (default <c>Score</c>).</summary>
    public string ScoresOutputColumnName { get; set; } = "Score";

    /// <summary>The images' embeddings (default <c>Embedding</c>).</summary>
    public string InputColumnName { get; set; } = "Embedding";

    /// <summary>Classes, prompts and temperature.</summary>
    /// <remarks>The classes must be given.</remarks>
    [NestOption]
    public SwanZeroShotOptions Options { get; set; } = new();
}
