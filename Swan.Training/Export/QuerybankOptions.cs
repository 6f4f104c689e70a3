using Swan.MLNet.Models;

namespace Swan.Training.Export;

/// <summary>How a model's text tower is normalised against training images, see <see cref="Querybank"/>.</summary>
public sealed record QuerybankOptions
{
    internal const int FewestImages = 2, MostImages = 65_536;
    internal const double LowestTemperature = 0.01;

    /// <summary>How many training images' embeddings the model file gets, drawn at random; all where there are fewer. From 2 to 65,536. Default 2,048: 1 MB for 256 values an embedding.</summary>
    public int Images { get; init; } = 2048;

    /// <summary>
    /// What cosines are divided by before the sum over the bank, from 0.01 to 1. The lower, the more do only the closest images count. Default 0.09, chosen on
    /// RSICD's validation images; 0.07 to 0.12 are as good there.
    /// </summary>
    public double Temperature { get; init; } = 0.09;

    /// <summary>Which images are drawn. Default 0.</summary>
    public int Seed { get; init; }

    /// <exception cref="ArgumentException">A value is out of its range; every one is named.</exception>
    internal void Validate()
    {
        List<string> faults = [];
        if (Images is < FewestImages or > MostImages) faults.Add($"{nameof(Images)} is {Images}; expected {FewestImages} to {MostImages}");
        if (!(Temperature is >= LowestTemperature and <= 1)) faults.Add($"{nameof(Temperature)} is {Temperature}; expected {LowestTemperature} to 1");
        if (faults.Count > 0) throw new ArgumentException($"The querybank's options are not valid: {string.Join("; ", faults)}.");
    }
}
