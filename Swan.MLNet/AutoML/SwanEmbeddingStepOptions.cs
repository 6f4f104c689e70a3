using Microsoft.ML.SearchSpace;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.AutoML;

/// <summary>All that <see cref="SwanEstimatorFactories.Embedding"/> needs, in a form that AutoML can sweep.</summary>
public sealed class SwanEmbeddingStepOptions
{
    /// <summary>
    /// The <c>.swan</c> file. Default: empty, which means the model that comes inside this library. To sweep several, add them as a choice
    /// named <c>ModelPath</c> to the search space.
    /// </summary>
    public string ModelPath { get; set; } = "";

    /// <summary>The added column: Vector&lt;Single, D&gt;. Default <c>Embedding</c>.</summary>
    public string OutputColumnName { get; set; } = "Embedding";

    /// <summary>Image paths or images (captions, if the options say so). Default <c>ImagePath</c>.</summary>
    public string InputColumnName { get; set; } = "ImagePath";

    /// <summary>How it is embedded. Default: the defaults of <see cref="SwanEmbeddingOptions"/>.</summary>
    [NestOption]
    public SwanEmbeddingOptions Options { get; set; } = new();
}
