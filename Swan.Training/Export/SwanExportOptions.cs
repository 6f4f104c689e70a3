using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.Training.Export;

/// <summary>How a network is exported.</summary>
public sealed record SwanExportOptions
{
    /// <summary>The model's name in its card (default null: the backbone's name and variant).</summary>
    public string? Name { get; init; }

    /// <summary>How padding counts in a <see cref="SwanVariant.Reference"/> text tower.</summary>
    /// <remarks>
    /// Default <see cref="SwanPadding.Masked"/>: a caption is encoded as if alone, as validation measures it.
    /// <see cref="SwanPadding.Fixed"/> suits published weights, which always saw padding in training.
    /// </remarks>
    public SwanPadding Padding { get; init; } = SwanPadding.Masked;

    /// <summary>The length to which <see cref="SwanPadding.Fixed"/> pads, in tokens; 0, the default, otherwise.</summary>
    public int PaddedLength { get; init; }

    /// <summary>How the file stores weights (default <see cref="SwanWeightPrecision.Float32"/>, as trained).</summary>
    /// <remarks>
    /// The others make the file a half or a quarter as large; ONNX Runtime makes float32 of them when the model is opened, so that speed is
    /// the same, and the card says what the rounding costs.
    /// </remarks>
    public SwanWeightPrecision WeightPrecision { get; init; } = SwanWeightPrecision.Float32;

    /// <summary>What the encoders compute with (default <see cref="SwanComputePrecision.Float32"/>).</summary>
    /// <remarks>
    /// <see cref="SwanComputePrecision.Int8"/> makes both towers faster and stores weights in int8; it needs <see cref="CalibrationSet"/>
    /// and <see cref="ValidationSet"/>.
    /// </remarks>
    public SwanComputePrecision Compute { get; init; } = SwanComputePrecision.Float32;

    /// <summary>In which resolution the model decodes images (default <see cref="ImageDecode.Full"/>, as networks are trained).</summary>
    /// <remarks><see cref="ImageDecode.Scaled"/> embeds large JPEGs faster and in less memory, by pixels that differ a little.</remarks>
    public ImageDecode Decode { get; init; }

    /// <summary>
    /// Images and captions that the network learned from (<see cref="SwanRun.OpenTrainingSet"/>): what their values reach is what 8-bit
    /// integers reach (default null).
    /// </summary>
    /// <remarks>At most 128 images and 512 captions are used, at equal distances.</remarks>
    public CaptionedImageSet? CalibrationSet { get; init; }

    /// <summary>Images and captions on which a compressed or scaled model may lose <see cref="MaxRecallLoss"/> (default null).</summary>
    /// <remarks>
    /// It is compared with the network in float32 on images decoded in full. <see cref="SwanRun.OpenValidationSet"/> gives such a set.
    /// Null: weights are checked by cosines on random images and captions, and the loss of scaled decoding is not measured.
    /// </remarks>
    public CaptionedImageSet? ValidationSet { get; init; }

    /// <summary>The most points of mR, 0 to 100, that such a model may lose on the validation set; default 0.5.</summary>
    public double MaxRecallLoss { get; init; } = 0.5;

    /// <summary>The most tokens that a WordPiece text tower's vocabulary, and so its word table, keeps (default null: all).</summary>
    /// <remarks>
    /// Those of <see cref="VocabularyCaptions"/> stay, single characters, and then the most frequent ones. Captions of kept tokens get
    /// exactly the same embeddings; other words are spelled from shorter pieces.
    /// </remarks>
    public int? MaxVocabularySize { get; init; }

    /// <summary>
    /// Needed with <see cref="MaxVocabularySize"/>: captions whose tokens all stay, such as those that the network was trained with
    /// (<see cref="SwanRun.OpenTrainingSet"/>).
    /// </summary>
    public IReadOnlyList<string> VocabularyCaptions { get; init; } = [];

    /// <summary>What the card says about training, for people.</summary>
    /// <remarks>Filled in from a run.</remarks>
    public IReadOnlyDictionary<string, string> Training { get; init; } = new Dictionary<string, string>();

    /// <summary>What the card says was measured.</summary>
    /// <remarks>
    /// Filled in from a run, whose network has weights in float32 and all words. In the card of a file that is compressed or decodes
    /// scaled, they get ", in float32" and ", decoded in full".
    /// </remarks>
    public IReadOnlyList<CardMetric> Metrics { get; init; } = [];

    /// <summary>Which images the weights have learned from: evaluations count them, and trainings that the model teaches.</summary>
    /// <remarks>Default null: those of the run, or unknown without a run.</remarks>
    public ImageIdentitySet? LearnedImages { get; init; }
}
