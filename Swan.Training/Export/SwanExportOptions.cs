using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.Training.Export;

/// <summary>Options to export a network.</summary>
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

    /// <summary>The length in tokens to which <see cref="SwanPadding.Fixed"/> pads; 0, the default, otherwise.</summary>
    public int PaddedLength { get; init; }

    /// <summary>How the file stores weights (default <see cref="SwanWeightPrecision.Float32"/>, as trained).</summary>
    /// <remarks>
    /// The others make the file a half or a quarter as large. ONNX Runtime converts them to float32 when the model is opened, so speed is
    /// the same. The card gives the cost of rounding.
    /// </remarks>
    public SwanWeightPrecision WeightPrecision { get; init; } = SwanWeightPrecision.Float32;

    /// <summary>Arithmetic of the encoders (default <see cref="SwanComputePrecision.Float32"/>).</summary>
    /// <remarks>
    /// <see cref="SwanComputePrecision.Int8"/> makes both towers faster and stores weights in int8; it needs <see cref="CalibrationSet"/>
    /// and <see cref="ValidationSet"/>.
    /// </remarks>
    public SwanComputePrecision Compute { get; init; } = SwanComputePrecision.Float32;

    /// <summary>The resolution in which the model decodes images (default <see cref="ImageDecode.Full"/>, as in training).</summary>
    /// <remarks><see cref="ImageDecode.Scaled"/> embeds large JPEGs faster and in less memory, from slightly different pixels.</remarks>
    public ImageDecode Decode { get; init; }

    /// <summary>
    /// Images and captions that the network learned from (<see cref="SwanRun.OpenTrainingSet"/>): their values set the range of 8-bit
    /// integers (default null).
    /// </summary>
    /// <remarks>At most 128 images and 512 captions are used, at equal distances.</remarks>
    public CaptionedImageSet? CalibrationSet { get; init; }

    /// <summary>Images and captions on which a compressed or scaled model may lose <see cref="MaxRecallLoss"/> (default null).</summary>
    /// <remarks>
    /// It is compared with the network in float32 on images decoded in full. <see cref="SwanRun.OpenValidationSet"/> gives such a set.
    /// Null: weights are checked by cosines on random images and captions, and the loss of scaled decoding is not measured.
    /// </remarks>
    public CaptionedImageSet? ValidationSet { get; init; }

    /// <summary>Maximum points of mR, 0 to 100, that such a model may lose on the validation set; default 0.5.</summary>
    public double MaxRecallLoss { get; init; } = 0.5;

    /// <summary>Maximum number of tokens in the vocabulary and word table of a WordPiece text tower (default null: all).</summary>
    /// <remarks>
    /// The tokens of <see cref="VocabularyCaptions"/> and single characters stay, then the most frequent tokens. Captions of kept tokens
    /// get exactly the same embeddings; other words are spelled from shorter pieces.
    /// </remarks>
    public int? MaxVocabularySize { get; init; }

    /// <summary>
    /// Needed with <see cref="MaxVocabularySize"/>: captions whose tokens all stay, such as the network's training captions
    /// (<see cref="SwanRun.OpenTrainingSet"/>).
    /// </summary>
    public IReadOnlyList<string> VocabularyCaptions { get; init; } = [];

    /// <summary>The card's information about training, for people.</summary>
    /// <remarks>Filled in from a run.</remarks>
    public IReadOnlyDictionary<string, string> Training { get; init; } = new Dictionary<string, string>();

    /// <summary>The card's metrics.</summary>
    /// <remarks>
    /// Filled in from a run, whose network has float32 weights and all words. In the card of a file that is compressed or decodes
    /// scaled, they get ", in float32" and ", decoded in full".
    /// </remarks>
    public IReadOnlyList<CardMetric> Metrics { get; init; } = [];

    /// <summary>Images that the weights have learned from, for evaluations and for runs that the model teaches.</summary>
    /// <remarks>Default null: those of the run, or unknown without a run.</remarks>
    public ImageIdentitySet? LearnedImages { get; init; }
}
