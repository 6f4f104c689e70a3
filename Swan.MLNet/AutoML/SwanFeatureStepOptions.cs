using Microsoft.ML.SearchSpace;

namespace Swan.MLNet.AutoML;

/// <summary>How an embedding is reduced and scaled for a trainer.</summary>
/// <remarks>AutoML can sweep it.</remarks>
public sealed class SwanFeatureStepOptions
{
    /// <summary>The added column: Vector&lt;Single&gt; (default <c>Features</c>).</summary>
    public string OutputColumnName { get; set; } = "Features";

    /// <summary>The embedding: Vector&lt;Single, D&gt; (default <c>Embedding</c>).</summary>
    public string InputColumnName { get; set; } = "Embedding";

    /// <summary>The most values to keep, 0 to 65,536 (default 0: all).</summary>
    /// <remarks>
    /// A longer embedding is projected to that many principal components, learned from the data. A shorter one is unchanged.
    /// </remarks>
    [Choice(0, 32, 64, 128, 256)]
    public int Dimensions { get; set; }

    /// <summary>How the values are scaled, after the projection (default <see cref="SwanNormalization.None"/>).</summary>
    [Choice(SwanNormalization.None, SwanNormalization.UnitLength, SwanNormalization.Standard)]
    public SwanNormalization Normalization { get; set; } = SwanNormalization.None;

    internal void Check()
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(OutputColumnName)) faults.Add($"{nameof(OutputColumnName)} is empty; expected a column's name");
        if (string.IsNullOrEmpty(InputColumnName)) faults.Add($"{nameof(InputColumnName)} is empty; expected a column's name");
        if (Dimensions is < 0 or > 65_536) faults.Add($"{nameof(Dimensions)} is {Dimensions}; expected 0 (all) to 65536");
        if (!Enum.IsDefined(Normalization))
            faults.Add($"{nameof(Normalization)} is {Normalization}; expected {string.Join(", ", Enum.GetNames<SwanNormalization>())}");
        if (faults.Count > 0)
        {
            throw new ArgumentOutOfRangeException("options",
                $"The options of the feature step are not valid: {string.Join("; ", faults)}.");
        }
    }
}
