using Microsoft.ML.SearchSpace;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.AutoML;

/// <summary>All that <see cref="SwanEstimatorFactories.Embedding"/> needs, in a form that AutoML can sweep.</summary>
public sealed class SwanEmbeddingStepOptions
{
    /// <summary>The <c>.swan</c> file; empty, the default, means the included model.</summary>
    /// <remarks>To sweep several, add them as a choice named <c>ModelPath</c> to the search space.</remarks>
    public string ModelPath { get; set; } = "";

    /// <summary>The added column: Vector&lt;Single, D&gt; (default <c>Embedding</c>).</summary>
    public string OutputColumnName { get; set; } = "Embedding";

    /// <summary>Image paths, images, or captions if the options say so (default <c>ImagePath</c>).</summary>
    public string InputColumnName { get; set; } = "ImagePath";

    /// <summary>How it is embedded (default: the defaults of <see cref="SwanEmbeddingOptions"/>).</summary>
    [NestOption]
    public SwanEmbeddingOptions Options { get; set; } = new();
}
