using System.Globalization;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;
using Swan.Training.DataLoading;
using Swan.Training.Network;

namespace Swan.Training.Export;

/// <summary>Makes a smaller or faster model file of a verified one in float32, and refuses it if it has become worse.</summary>
internal static class CompressedExport
{
    // How a metric of a card was measured. A held-out model's may say either already.
    private const string InFloat32 = ", in float32", AsCompressed = ", as compressed";

    private const string MaxLossOption = "--max-recall-loss";

    /// <summary>Refuses options that contradict each other.</summary>
    /// <exception cref="SwanOptionsException">They do.</exception>
    public static void Check(SwanExportOptions options)
    {
        if (!Enum.IsDefined(options.Compute))
        {
            throw new SwanOptionsException(
                $"{nameof(options.Compute)} is {options.Compute}; "
                + $"expected one of {string.Join(", ", Enum.GetNames<SwanComputePrecision>())}.");
        }
        if (!(options.MaxRecallLoss is >= 0 and <= 100))
        {
            throw new SwanOptionsException(
                $"{nameof(options.MaxRecallLoss)} ({MaxLossOption}) is {options.MaxRecallLoss}; expected 0 to 100 points of mR.");
        }
        if (options.Compute != SwanComputePrecision.Int8) return;
        if (options.WeightPrecision == SwanWeightPrecision.Float16)
        {
            throw new SwanOptionsException(
                $"{nameof(options.WeightPrecision)} (--weights) is Float16, but {nameof(options.Compute)} (--compute) is Int8, whose "
                + "weights are int8: leave one of them out.");
        }
        foreach ((string name, CaptionedImageSet? set, string use) in ((string, CaptionedImageSet?, string)[])[
            ($"training set ({nameof(options.CalibrationSet)}",
                options.CalibrationSet, "the ranges of its integers are those of the training images"),
            ($"validation set ({nameof(options.ValidationSet)}",
                options.ValidationSet, "nothing would tell whether it still finds what it found")])
        {
            if (set is not { Images.Count: > 0, Captions.Count: > 0 })
            {
                throw new SwanOptionsException(
                    $"{nameof(options.Compute)} (--compute) is Int8, but there are no images and captions in a {name}, --data): {use}. "
                    + "Give the run's data; a run that trained on all of its images and had no validation set can't be exported so.");
            }
        }
    }

    /// <summary>Compresses a file as the options say.</summary>
    /// <param name="network">What the file was made from.</param>
    /// <param name="file">In float32, verified.</param>
    /// <param name="trainedIds">What the file's token ids were in training; null where they are the same.</param>
    /// <param name="tokenizer">The file's.</param>
    /// <param name="options">Checked (<see cref="Check"/>).</param>
    /// <param name="path">Where the file will be, for messages.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="SwanTrainingException">The compressed model is worse than allowed.</exception>
    public static SwanModelFile Compress(
        SwanNetwork network, SwanModelFile file, int[]? trainedIds, ICaptionTokenizer tokenizer, SwanExportOptions options, string path,
        CancellationToken cancellation)
    {
        (byte[] image, byte[] text) = (file.ImageOnnx.ToArray(), file.TextOnnx.ToArray());
        SwanWeightPrecision precision = options.WeightPrecision;
        if (options is { Compute: SwanComputePrecision.Int8, CalibrationSet: { } set })
        {
            precision = SwanWeightPrecision.Int8;
            image = Int8Arithmetic.Rewrite(image, (graph, values) => ActivationRanges.Measure(
                graph, values, CalibrationInputs.Images(set, file.Card.Image), cancellation));
            text = Int8Arithmetic.Rewrite(text, (graph, values) => ActivationRanges.Measure(
                graph, values, CalibrationInputs.Captions(set, tokenizer), cancellation));
        }
        SwanModelFile compact = SwanModelFile.Create(
            file.Name, file.Card with { Compute = options.Compute }, WeightCompression.Compress(image, precision),
            WeightCompression.Compress(text, precision), file.Vocabulary.ToArray()).WithLearnedImages(file.LearnedImages);
        CardMetric[] measured = [];
        EmbeddingAgreement agreement;
        if (options.ValidationSet is { } validation)
        {
            RecallComparison found = RecallComparison.Measure(file, compact, validation, cancellation);
            CheckRecall(found, options, path);
            string data = $"{validation.Name} ({validation.Images.Count} images, {validation.Captions.Count} captions){AsCompressed}"
                + Learned(file, validation, cancellation);
            (agreement, measured) = (found.Agreement, [new CardMetric(SwanExporter.MeanRecall, found.Compressed, data)]);
        }
        else
        {
            agreement = ExportVerification.Measure(network, compact, trainedIds, cancellation);
            CheckCosine(agreement, precision, path);
        }
        return compact.With(compact.Card with
        {
            Weights = new StoredWeights(precision, agreement.MaxDifference, agreement.MinCosine, agreement.MeanCosine),
            Metrics = [.. compact.Card.Metrics.Select(BeforeCompression), .. measured],
        });
    }

    private static CardMetric BeforeCompression(CardMetric metric) =>
        metric.Data.Contains(InFloat32, StringComparison.Ordinal) || metric.Data.Contains(AsCompressed, StringComparison.Ordinal)
            ? metric
            : metric with { Data = metric.Data + InFloat32 };

    // Images that a model knows say little about others: it is for the gate alone that they are good enough.
    private static string Learned(SwanModelFile file, CaptionedImageSet set, CancellationToken cancellation)
    {
        if (file.LearnedImages is not { } learned) return "";
        int known = learned.IntersectWith(ImageIdentities.Read(set, cancellation), cancellation).Count;
        return known == 0 ? "" : $", {known} of which it has learned from";
    }

    /// <summary>Refuses a model that has lost more mR than allowed.</summary>
    /// <exception cref="SwanTrainingException">It has.</exception>
    internal static void CheckRecall(RecallComparison found, SwanExportOptions options, string path)
    {
        if (found.Loss <= options.MaxRecallLoss) return;
        throw new SwanTrainingException(string.Create(CultureInfo.InvariantCulture,
            $"On the validation set the compressed model has an mR of {found.Compressed:F2}, and {found.Float32:F2} in float32: ")
            + string.Create(CultureInfo.InvariantCulture,
                $"it loses {found.Loss:F2} points, and at most {options.MaxRecallLoss:F2} are allowed ")
            + $"({nameof(options.MaxRecallLoss)}, {MaxLossOption}). Nothing was written to '{path}'. "
            + "Export it without compression, or allow a larger loss.");
    }

    private static void CheckCosine(EmbeddingAgreement agreement, SwanWeightPrecision precision, string path)
    {
        if (agreement.MinCosine >= SwanExporter.MinCosine) return;
        SwanWeightPrecision safer = precision == SwanWeightPrecision.Int8 ? SwanWeightPrecision.Float16 : SwanWeightPrecision.Float32;
        throw new SwanTrainingException(
            $"With weights in {JsonEnumNames.For(precision)} the model answers differently from the network: "
            + $"the cosine between their embeddings falls to {agreement.MinCosine:F4} ({agreement.MeanCosine:F4} on average), "
            + $"and at least {SwanExporter.MinCosine} is needed. Nothing was written to '{path}'. Export it with more precise weights, "
            + $"such as {JsonEnumNames.For(safer)}.");
    }
}
