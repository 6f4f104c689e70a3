using System.Globalization;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.Training.DataLoading;

namespace Swan.Training.Export;

/// <summary>Refuses a file with a lower recall than the network in float32 on images decoded in full, and notes in cards how metrics were
/// measured.</summary>
internal static class RecallGate
{
    private const string MaxLossOption = "--max-recall-loss";

    // How a metric of a card was measured. A held-out model's may say either already.
    private const string InFloat32 = ", in float32", AsCompressed = ", as compressed";
    private const string InFull = ", decoded in full", Scaled = ", decoded scaled", None = " (no image in a smaller scale)";

    /// <summary>Whether a file can have another recall than the network that it is made from.</summary>
    public static bool Concerns(SwanExportOptions options) => IsCompressed(options) || IsScaled(options);

    /// <summary>Whether a file's weights or arithmetic differ from the network's.</summary>
    public static bool IsCompressed(SwanExportOptions options) =>
        options.WeightPrecision != SwanWeightPrecision.Float32 || options.Compute != SwanComputePrecision.Float32;

    /// <summary>Refuses a limit that is none.</summary>
    /// <exception cref="SwanOptionsException">It is.</exception>
    public static void Check(SwanExportOptions options)
    {
        if (options.MaxRecallLoss is >= 0 and <= 100) return;
        throw new SwanOptionsException(
            $"{nameof(options.MaxRecallLoss)} ({MaxLossOption}) is {options.MaxRecallLoss}; expected 0 to 100 points of mR.");
    }

    /// <summary>The card's metrics, which were measured before, with how they were.</summary>
    public static IEnumerable<CardMetric> Before(IEnumerable<CardMetric> metrics, SwanExportOptions options)
    {
        return metrics.Select(m => Mark(Mark(m, IsCompressed(options), InFloat32, AsCompressed), IsScaled(options), InFull, Scaled));

        static CardMetric Mark(CardMetric metric, bool concerns, string before, string now) =>
            !concerns || metric.Data.Contains(before, StringComparison.Ordinal) || metric.Data.Contains(now, StringComparison.Ordinal)
                ? metric : metric with { Data = metric.Data + before };
    }

    /// <summary>Measures the file that will be written.</summary>
    /// <param name="float32">The network's own, in float32.</param>
    /// <param name="exported">What will be written.</param>
    /// <param name="set">Images and captions.</param>
    /// <param name="options">Checked (<see cref="Check"/>).</param>
    /// <param name="path">Where the file will be, for messages.</param>
    /// <param name="cancellation">Stops between encoder runs.</param>
    /// <returns>Its mR, and how near its embeddings are.</returns>
    /// <exception cref="SwanTrainingException">It has lost more mR than allowed.</exception>
    /// <exception cref="SwanImageException">An image can't be read.</exception>
    public static (CardMetric MeanRecall, EmbeddingAgreement Agreement) Measure(
        SwanModelFile float32, SwanModelFile exported, CaptionedImageSet set, SwanExportOptions options, string path,
        CancellationToken cancellation)
    {
        RecallComparison found = RecallComparison.Measure(InFullOf(float32), exported, set, cancellation);
        CheckRecall(found, options, path);
        string data = Name(set) + (IsCompressed(options) ? AsCompressed : "")
            + (IsScaled(options) ? Scaled + ScaledImages(exported, set, cancellation) : "") + Learned(float32, set, cancellation);
        return (new CardMetric(SwanExporter.MeanRecall, found.Exported, data), found.Agreement);
    }

    /// <summary>Whether a metric is of a model that decodes scaled, and of a set that has no image large enough for that.</summary>
    public static bool IsUnscaled(CardMetric metric, CaptionedImageSet set) =>
        metric.Data.StartsWith(Name(set), StringComparison.Ordinal) && metric.Data.Contains(Scaled + None, StringComparison.Ordinal);

    /// <summary>Refuses a model that has lost more mR than allowed.</summary>
    /// <exception cref="SwanTrainingException">It has.</exception>
    internal static void CheckRecall(RecallComparison found, SwanExportOptions options, string path)
    {
        if (found.Loss <= options.MaxRecallLoss) return;
        (string model, string remedy) = (IsCompressed(options), IsScaled(options)) switch
        {
            (true, true) => ("compressed and scaled", "compression and scaled decoding"),
            (false, true) => ("scaled", "--decode scaled"),
            _ => ("compressed", "compression"),
        };
        throw new SwanTrainingException(string.Create(CultureInfo.InvariantCulture,
            $"On the validation set, the {model} model has an mR of {found.Exported:F2}, but {found.Full:F2} in float32")
            + (IsScaled(options) ? " and decoded in full: " : ": ")
            + string.Create(CultureInfo.InvariantCulture,
                $"it loses {found.Loss:F2} points, and at most {options.MaxRecallLoss:F2} are allowed ")
            + $"({nameof(options.MaxRecallLoss)}, {MaxLossOption}). Nothing was written to '{path}'. "
            + $"Export it without {remedy}, or allow a larger loss.");
    }

    private static bool IsScaled(SwanExportOptions options) => options.Decode == ImageDecode.Scaled;

    private static string Name(CaptionedImageSet set) => $"{set.Name} ({set.Images.Count} images, {set.Captions.Count} captions)";

    // Images that are too small to be scaled say nothing of scaling.
    private static string ScaledImages(SwanModelFile exported, CaptionedImageSet set, CancellationToken cancellation)
    {
        ImageDecodingOptions decoding = new ImageDecodingOptions().For(exported.Card.Image);
        int scaled = set.Images.Count(image =>
        {
            cancellation.ThrowIfCancellationRequested();
            return ImageDecoder.IsScaled(image.ImagePath, decoding);
        });
        return scaled == 0 ? None : scaled == set.Images.Count ? "" : $" ({scaled} of {set.Images.Count} images in a smaller scale)";
    }

    // The network has been trained, and its metrics measured, on images that were decoded in full.
    private static SwanModelFile InFullOf(SwanModelFile file) => file.Card.Image.Decode == ImageDecode.Full ? file : SwanModelFile.Create(
        file.Name, file.Card with { Image = file.Card.Image with { Decode = ImageDecode.Full } }, file.ImageOnnx.ToArray(),
        file.TextOnnx.ToArray(), file.Vocabulary.ToArray());

    // Images that a model knows say little about others: it is for the gate alone that they are good enough.
    private static string Learned(SwanModelFile file, CaptionedImageSet set, CancellationToken cancellation)
    {
        if (file.LearnedImages is not { } learned) return "";
        int known = learned.IntersectWith(ImageIdentities.Read(set, cancellation), cancellation).Count;
        return known == 0 ? "" : $", {known} of which it has learned from";
    }
}
