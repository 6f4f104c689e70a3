using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using static System.FormattableString;

namespace Swan.Training.Export;

/// <summary>Options to normalize a model's text tower against training images, see <see cref="Querybank"/>.</summary>
public sealed record QuerybankOptions
{
    internal const int MinImages = 2, MaxImages = 65_536;
    internal const double MinTemperature = 0.01;

    /// <summary>Number of training images, drawn at random, whose embeddings the model file stores; all if there are fewer.</summary>
    /// <remarks>From 2 to 65,536. Default 2,048: 1 MB for 256 values per embedding.</remarks>
    public int Images { get; init; } = 2048;

    /// <summary>Divides the cosines before the sum over the bank, from 0.01 to 1.</summary>
    /// <remarks>
    /// A lower value gives the closest images more weight. Default 0.12, chosen on RSICD's validation images, where 0.09 is as good.
    /// </remarks>
    public double Temperature { get; init; } = 0.12;

    /// <summary>Seed of the draw of images (default 0).</summary>
    public int Seed { get; init; }

    /// <summary>Device that runs the model during normalization (default <see cref="SwanDevice.Auto"/>).</summary>
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
