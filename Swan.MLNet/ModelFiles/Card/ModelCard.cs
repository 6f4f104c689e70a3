using System.Text.Json.Serialization;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.ModelFiles;

/// <summary>What a model file says about itself (<c>card.json</c>).</summary>
/// <remarks>Immutable. The model file writer fills <see cref="FormatVersion"/> and <see cref="Entries"/> when it writes.</remarks>
public sealed record ModelCard
{
    /// <summary>The model file format that this version writes; it reads version 1, too.</summary>
    public const int CurrentFormatVersion = 2;

    /// <summary>The file's format version.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>A short name, such as <c>swan-rsicd-lite0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Which reading of the paper the network follows.</summary>
    public SwanVariant Variant { get; init; }

    /// <summary>The image backbone's name, such as <c>efficientnet_lite0</c>.</summary>
    public required string Backbone { get; init; }

    /// <summary>D, the length of both embeddings.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>The paper's modules that are switched on: <c>vmsf</c>, <c>sfgs</c>, <c>tcge</c>.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>How an image becomes the image encoder's input.</summary>
    public required ImagePreprocessing Image { get; init; }

    /// <summary>How a caption becomes the text encoder's input.</summary>
    public required TextContract Text { get; init; }

    /// <summary>
    /// How many token ids the text tower was trained with, where the file keeps only some of them; null, the default, where it has all.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TrainedVocabularySize { get; init; }

    /// <summary>What the encoders compute with (default: float32, which all files of format version 1 have).</summary>
    public SwanComputePrecision Compute { get; init; }

    /// <summary>Parameters of both towers, as trained.</summary>
    public long Parameters { get; init; }

    /// <summary>
    /// The largest absolute difference between TorchSharp's and ONNX Runtime's unit embeddings when the model was exported, with weights in
    /// float32; at most 1e-4.
    /// </summary>
    public double ExportDifference { get; init; }

    /// <summary>How the file stores its weights and what that costs; null, the default, for float32, which costs nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StoredWeights? Weights { get; init; }

    /// <summary>How the text tower's embeddings are normalized against training images; null, the default, where they are not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Querybank? Querybank { get; init; }

    /// <summary>When it was exported, in UTC.</summary>
    public DateTimeOffset Exported { get; init; }

    /// <summary>How it was trained: option names and their values as text, for people.</summary>
    /// <remarks>Nothing is computed from it.</remarks>
    public IReadOnlyDictionary<string, string> Training { get; init; } = new Dictionary<string, string>();

    /// <summary>What was measured, each with the data it was measured on.</summary>
    public IReadOnlyList<CardMetric> Metrics { get; init; } = [];

    /// <summary>SHA-256 (lower-case hex) of every other entry of the file, by entry name.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; init; } = new Dictionary<string, string>();

    [JsonIgnore]
    internal bool LastImageValueIsConstant => Querybank is not null;

    /// <summary>
    /// SHA-256 (lower-case hex) of all that decides what the embeddings are, as the writer computed it; null in files of format version 1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fingerprint { get; init; }

    /// <summary>What tells this model's embeddings from another's; null for a card that belongs to no model file yet.</summary>
    [JsonIgnore]
    public ModelIdentity? Identity => Entries.Count == 0 ? null : new(Name, Fingerprint ?? ModelFingerprint.Once(this));
}
