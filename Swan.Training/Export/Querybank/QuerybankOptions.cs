using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using static System.FormattableString;

namespace Swan.Training.Export;

/// <summary>How a model's text tower is normalized against training images, see <see cref="Querybank"/>.</summary>
public sealed record QuerybankOptions
{
    internal const int MinImages = 2, MaxImages = 65_536;
    internal const double MinTemperature = 0.01;

    /// <summary>How many training images' embeddings the model file gets, drawn at random; all where there are fewer.</summary>
    /// <remarks>From 2 to 65,536. Default 2,048: 1 MB for 256 values an embedding.</remarks>
    public int Images { get; init; } = 2048;

    /// <summary>What cosines are divided by before the sum over the bank, from 0.01 to 1.</summary>
    /// <remarks>
    /// The lower, the more do only the closest images count. Default 0.12, chosen on RSICD's validation images, where 0.09 is as good.
    /// </remarks>
    public double Temperature { get; init; } = 0.12;

    /// <summary>Which images are drawn (default 0).</summary>
    public int Seed { get; init; }

    /// <summary>Where the model runs meanwhile (default <see cref="SwanDevice.Auto"/>).</summary>
    public SwanDevice Device { get; init; } = SwanDevice.Auto;

    /// <summary>Refuses values out of their ranges.</summary>
    /// <param name="images">What the caller calls <see cref="Images"/>.</param>
    /// <param name="temperature">What the caller calls <see cref="Temperature"/>.</param>
    /// <exception cref="SwanOptionsException">Every such value is named.</exception>
    internal void Validate(string images = nameof(Images), string temperature = nameof(Temperature))
    {
        List<string> faults = [];
        if (Images is < MinImages or > MaxImages) faults.Add(Invariant($"{images} is {Images}; expected {MinImages} to {MaxImages}"));
        if (!(Temperature is >= MinTemperature and <= 1))
            faults.Add(Invariant($"{temperature} is {Temperature}; expected {MinTemperature} to 1"));
        if (faults.Count > 0) throw new SwanOptionsException($"The normalization options can't be used: {string.Join("; ", faults)}.");
    }
}
