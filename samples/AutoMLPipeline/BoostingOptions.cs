using System.Globalization;
using Microsoft.ML.SearchSpace;

namespace AutoMLPipeline;

public sealed class BoostingOptions
{
    [Range(4, 32, 8, true)]
    public int Leaves { get; set; } = 8;

    [Range(10, 100, 40, true)]
    public int Rounds { get; set; } = 40;

    [Range(0.05, 0.5, 0.2, true)]
    public double LearningRate { get; set; } = 0.2;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"LightGBM {Leaves} leaves {Rounds} rounds at {LearningRate:G2}");
}
