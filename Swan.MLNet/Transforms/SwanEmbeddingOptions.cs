using System.Text.Json.Serialization;
using Microsoft.ML.SearchSpace;

namespace Swan.MLNet.Transforms;

/// <summary>Options of a SWAN embedding. They can be written as JSON and read back, and swept by AutoML.</summary>
public sealed class SwanEmbeddingOptions
{
    /// <summary>Rows per encoder run, 1 to 4096. Default 32. More needs more memory (batch × S × S × 3 bytes and the encoder's activations) and is faster on a GPU. Not swept: it changes speed, not embeddings.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// How many rotations of an image are averaged into its embedding: 1, the image as it is; 2, it and its half turn; 4, all quarter turns.
    /// Default 1. Seen from above there is no upright, so that averaging takes away what a model makes of chance; it costs as many encoder runs.
    /// Embeddings stay comparable with each other and with captions whatever is averaged.
    /// </summary>
    [Choice(1, 2, 4)]
    public int Rotations { get; set; } = 1;

    /// <summary>The folder that relative image paths start from. Default null: the current folder. It is saved with the pipeline.</summary>
    public string? ImageFolder { get; set; }

    /// <summary>What the input column holds. Default <see cref="SwanInput.Auto"/>: by the column's type, where text means image paths.</summary>
    public SwanInput Input { get; set; } = SwanInput.Auto;

    /// <summary>What happens to a row whose image can't be read. Default <see cref="SwanUnreadable.Throw"/>.</summary>
    public SwanUnreadable OnUnreadable { get; set; } = SwanUnreadable.Throw;

    /// <summary>Where the encoder runs when a model is named by its path. Default <see cref="SwanDevice.Auto"/>. Not saved: a loaded pipeline takes what its machine has.</summary>
    public SwanDevice Device { get; set; } = SwanDevice.Auto;

    /// <summary>Threads within one encoder run when a model is named by its path. Default 0: one per processor. Not saved.</summary>
    public int Threads { get; set; }

    /// <summary>Ends a running pass: the next row throws <see cref="OperationCanceledException"/>, a running batch within about 50 ms. Default none. Not saved.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    internal SwanEmbeddingOptions Copy() => (SwanEmbeddingOptions)MemberwiseClone();

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check()
    {
        var faults = new List<string>();
        if (BatchSize is < 1 or > 4096) faults.Add($"{nameof(BatchSize)} is {BatchSize}; expected 1 to 4096");
        if (Rotations is not (1 or 2 or 4)) faults.Add($"{nameof(Rotations)} is {Rotations}; expected 1, 2 or 4");
        else if (Rotations != 1 && Input == SwanInput.Caption) faults.Add($"{nameof(Rotations)} is {Rotations}, but captions can't be turned; expected 1");
        if (Threads < 0) faults.Add($"{nameof(Threads)} is {Threads}; expected 0 (one per processor) or more");
        if (!Enum.IsDefined(Input)) faults.Add($"{nameof(Input)} is {Input}; expected {string.Join(", ", Enum.GetNames<SwanInput>())}");
        if (!Enum.IsDefined(OnUnreadable)) faults.Add($"{nameof(OnUnreadable)} is {OnUnreadable}; expected {string.Join(", ", Enum.GetNames<SwanUnreadable>())}");
        if (ImageFolder is not null && ImageFolder.Length == 0) faults.Add($"{nameof(ImageFolder)} is empty; expected a folder, or null for the current one");
        if (faults.Count > 0) throw new ArgumentOutOfRangeException("options", $"The options of the SWAN embedding are not valid: {string.Join("; ", faults)}.");
    }
}
