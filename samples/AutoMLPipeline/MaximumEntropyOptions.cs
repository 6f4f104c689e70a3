using System.Globalization;
using Microsoft.ML.SearchSpace;

namespace AutoMLPipeline;

public sealed class MaximumEntropyOptions
{
    [Range(1e-6f, 1f, 1e-3f, true)]
    public float L1 { get; set; } = 1e-3f;

    [Range(1e-6f, 1f, 1e-3f, true)]
    public float L2 { get; set; } = 1e-3f;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"maximum entropy L1 {L1:G2} L2 {L2:G2}");
}
