using Microsoft.ML.SearchSpace;

namespace Swan.MLNet.AutoML;

/// <summary>What becomes of an embedding before a trainer sees it: how wide it stays and how it is scaled. AutoML can sweep it.</summary>
public sealed class SwanFeatureStepOptions
{
    /// <summary>The added column: Vector&lt;Single&gt;. Default <c>Features</c>.</summary>
    public string OutputColumnName { get; set; } = "Features";

    /// <summary>The embedding: Vector&lt;Single, D&gt;. Default <c>Embedding</c>.</summary>
    public string InputColumnName { get; set; } = "Embedding";

    /// <summary>
    /// The most values that are kept, 0 to 65,536: an embedding that is longer is projected to so many principal components, learned from
    /// the data; a shorter one is left alone. Default 0: all are kept.
    /// </summary>
    [Choice(0, 32, 64, 128, 256)]
    public int Dimensions { get; set; }

    /// <summary>How the values are scaled, after the projection. Default <see cref="SwanNormalization.None"/>.</summary>
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
