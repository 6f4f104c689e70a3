using Microsoft.ML.SearchSpace;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.AutoML;

/// <summary>All that <see cref="SwanEstimatorFactories.ZeroShot"/> needs, in a form that AutoML can sweep.</summary>
public sealed class SwanZeroShotStepOptions
{
    /// <summary>
    /// The <c>.swan</c> file that embedded the images. Default: empty, which means the model that comes inside this library.
    /// </summary>
    public string ModelPath { get; set; } = "";

    /// <summary>The added column with the predicted class, a key. Default <c>PredictedLabel</c>.</summary>
    public string LabelOutputColumnName { get; set; } = "PredictedLabel";

    /// <summary>The added column with the classes' scores. Default <c>Score</c>.</summary>
    public string ScoresOutputColumnName { get; set; } = "Score";

    /// <summary>The images' embeddings. Default <c>Embedding</c>.</summary>
    public string InputColumnName { get; set; } = "Embedding";

    /// <summary>Classes, prompts and temperature. The classes must be given.</summary>
    [NestOption]
    public SwanZeroShotOptions Options { get; set; } = new();
}
