using System.Text.Json.Serialization;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.ModelFiles;

/// <summary>The self-description of a model file (<c>card.json</c>).</summary>
/// <remarks>Immutable. The model file writer fills <see cref="FormatVersion"/> and <see cref="Entries"/> when it writes.</remarks>
public sealed record ModelCard
{
    /// <summary>The model file format that this version writes; it also reads version 1.</summary>
    public const int CurrentFormatVersion = 2;

    /// <summary>The file's format version.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>A short name, such as <c>swan-rsicd-lite0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The reading of the paper that the network follows.</summary>
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
    /// The number of token ids in training, if the file keeps only some of them; null, the default, if it keeps all.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TrainedVocabularySize { get; init; }

    /// <summary>The encoders' arithmetic (default: float32, as in all files of format version 1).</summary>
    public SwanComputePrecision Compute { get; init; }

    /// <summary>Parameters of both towers, as trained.</summary>
    public long Parameters { get; init; }

    /// <summary>
    /// The largest absolute difference between TorchSharp's and ONNX Runtime's unit embeddings when the model was exported, with weights in
    /// float32; at most 1e-4.
    /// </summary>
    public double ExportDifference { get; init; }

    /// <summary>How the file stores its weights, and the loss in accuracy; null, the default, for float32 without loss.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StoredWeights? Weights { get; init; }

    /// <summary>How the text tower's embeddings are normalized against training images; null, the default, without normalization.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Querybank? Querybank { get; init; }

    /// <summary>When it was exported, in UTC.</summary>
    public DateTimeOffset Exported { get; init; }

    /// <summary>The training options and their values as text, for people.</summary>
    /// <remarks>Nothing is computed from it.</remarks>
    public IReadOnlyDictionary<string, string> Training { get; init; } = new Dictionary<string, string>();

    /// <summary>The measured figures, each with its data.</summary>
    public IReadOnlyList<CardMetric> Metrics { get; init; } = [];

    /// <summary>SHA-256 (lower-case hex) of every other entry of the file, by entry name.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; init; } = new Dictionary<string, string>();

    [JsonIgnore]
    internal bool LastImageValueIsConstant => Querybank is not null;

    /// <summary>
    /// SHA-256 (lower-case hex) of everything that determines the embeddings, as computed by the writer; null in files of format version 1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fingerprint { get; init; }

    /// <summary>Identifies this model's embeddings; null for a card without a model file.</summary>
    [JsonIgnore]
    public ModelIdentity? Identity => Entries.Count == 0 ? null : new(Name, Fingerprint ?? ModelFingerprint.Once(this));
}
