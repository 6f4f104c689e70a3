using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;
using Swan.Training.Network;

namespace Swan.Training.Export;

/// <summary>Makes a smaller or faster model file of a verified one in float32, and refuses it if it has become worse.</summary>
internal static class CompressedExport
{
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
        if (options.Compute != SwanComputePrecision.Int8) return;
        if (options.WeightPrecision == SwanWeightPrecision.Float16)
        {
            throw new SwanOptionsException(
                $"{nameof(options.WeightPrecision)} (--weights) is Float16, but {nameof(options.Compute)} (--compute) is Int8, which "
                + "stores int8 weights: leave one of them out.");
        }
        foreach ((string name, CaptionedImageSet? set, string use) in ((string, CaptionedImageSet?, string)[])[
            ($"training set ({nameof(options.CalibrationSet)}",
                options.CalibrationSet, "its images set the ranges of the integers"),
            ($"validation set ({nameof(options.ValidationSet)}",
                options.ValidationSet, "it shows whether the exported model still finds as much")])
        {
            if (set is not { Images.Count: > 0, Captions.Count: > 0 })
            {
                throw new SwanOptionsException(
                    $"{nameof(options.Compute)} (--compute) is Int8, but the {name}, --data) is missing or empty: {use}. "
                    + "Give the run's data. A run that trained on all of its images without a validation set can't be exported this way.");
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
            (CardMetric mean, agreement) = RecallGate.Measure(file, compact, validation, options, path, cancellation);
            measured = [mean];
        }
        else
        {
            agreement = TowerVerification.Measure(network, compact, trainedIds, cancellation);
            CheckCosine(agreement, precision, path);
        }
        return compact.With(compact.Card with
        {
            Weights = new StoredWeights(precision, agreement.MaxDifference, agreement.MinCosine, agreement.MeanCosine),
            Metrics = [.. compact.Card.Metrics, .. measured],
        });
    }

    private static void CheckCosine(EmbeddingAgreement agreement, SwanWeightPrecision precision, string path)
    {
        if (agreement.MinCosine >= SwanExporter.MinCosine) return;
        SwanWeightPrecision safer = precision == SwanWeightPrecision.Int8 ? SwanWeightPrecision.Float16 : SwanWeightPrecision.Float32;
        throw new SwanTrainingException(
            $"With weights in {JsonEnumNames.For(precision)}, the model gives other embeddings than the network: "
            + $"the cosine between them falls to {agreement.MinCosine:F4} ({agreement.MeanCosine:F4} on average), "
            + $"but at least {SwanExporter.MinCosine} is needed. Nothing was written to '{path}'. Export it with more precise weights, "
            + $"such as {JsonEnumNames.For(safer)}.");
    }
}
