using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Generators;

/// <summary>Options of an embedding generator.</summary>
public sealed record SwanGeneratorOptions
{
    /// <summary>Rows computed together, 1 to 4096 (default 32).</summary>
    /// <remarks>Each call's values are embedded in batches of this size.</remarks>
    public int BatchSize { get; init; } = 32;

    /// <summary>Calls processed at the same time, at least 1 (default: processors of this process).</summary>
    /// <remarks>
    /// Others wait for their turn, in order. Each call holds at most two batches of resized images. <see cref="SwanResources"/> limits
    /// decodes and their memory for all calls together.
    /// </remarks>
    public int Concurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>How the generator decodes images, and which limits apply before memory is taken.</summary>
    /// <remarks>Default null: as the model was opened (<see cref="SwanModelOptions.Decoding"/>).</remarks>
    public ImageDecodingOptions? Decoding { get; init; }

    /// <summary>
    /// Whether disposing the generator disposes the <see cref="SwanModel"/> (default false: its owner does).
    /// </summary>
    public bool OwnsModel { get; init; }

    /// <summary>Whether the generator is shared, as a service of a container: disposing it does nothing.</summary>
    internal bool Shared { get; init; }

    /// <summary>All that is wrong.</summary>
    internal IEnumerable<string> Faults()
    {
        if (BatchSize is < 1 or > 4096) yield return $"{nameof(BatchSize)} is {BatchSize}; expected 1 to 4096";
        if (Concurrency < 1) yield return $"{nameof(Concurrency)} is {Concurrency}; expected 1 or more";
    }

    internal SwanGeneratorOptions Checked()
    {
        string[] faults = [.. Faults()];
        if (faults.Length > 0)
        {
            throw new ArgumentOutOfRangeException("options",
                $"The options of the embedding generator are not valid: {string.Join("; ", faults)}.");
        }
        return this;
    }
}
