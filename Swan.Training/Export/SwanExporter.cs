using System.Globalization;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;
using Swan.Training.Network;
using Swan.Training.Onnx;

namespace Swan.Training.Export;

/// <summary>Exports a trained network as a model file (<c>.swan</c>) that needs only ONNX Runtime.</summary>
/// <remarks>
/// Writes both towers as ONNX graphs, then compares them with the network on random images and captions. The card gives the largest
/// difference; above <see cref="MaxDifference"/>, nothing is written. Graphs with compact weights or integer arithmetic are made from
/// these. With a validation set, nothing is written if compression, scaled decoding or both lose more mR than
/// <see cref="SwanExportOptions.MaxRecallLoss"/>. Without one, nothing is written if a cosine of compressed graphs to the network's
/// embeddings is under <see cref="MinCosine"/>. Not safe for concurrent use of one network.
/// </remarks>
public static class SwanExporter
{
    /// <summary>Maximum difference between a unit embedding's values in TorchSharp and in ONNX Runtime: 1e-4.</summary>
    public const double MaxDifference = 1e-4;

    /// <summary>
    /// Minimum cosine between a unit embedding of the network and one of a file with compact weights, without a validation set: 0.99.
    /// </summary>
    public const double MinCosine = 0.99;

    internal const string MeanRecall = "mR", EpochsLearned = "epochsLearned";

    /// <summary>Exports a run's best network.</summary>
    /// <param name="run">From training, or <see cref="SwanRun.Open"/>.</param>
    /// <param name="path">The <c>.swan</c> file. It replaces an existing file only when complete.</param>
    /// <param name="options">Null uses the defaults. The run's options, best metrics and learned images are added.</param>
    /// <param name="cancellationToken">Stops before the file is written.</param>
    /// <returns>The card, as written.</returns>
    /// <exception cref="SwanOptionsException">The options contradict each other or the run's network, or one is out of range.</exception>
    /// <exception cref="SwanFormatException">The run's files are damaged, or the options contradict the network's variant.</exception>
    /// <exception cref="SwanTrainingException">The run has no weights yet, the graphs' results differ from the network's, or the
    /// compressed or scaled model is worse than allowed. Nothing was written.</exception>
    /// <exception cref="MLNet.Imaging.SwanImageException">An image of the calibration or validation set can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled; nothing was written.</exception>
    public static ModelCard Export(
        SwanRun run, string path, SwanExportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        options ??= new SwanExportOptions();
        using SwanNetwork network = run.LoadBest();
        EpochReport? best = run.ReadMetrics().LastOrDefault(r => r.Best);
        return Export(network, run.Tokenizer, path, options with
        {
            Training = new Dictionary<string, string>([.. run.Describe(), .. Learned(run), .. options.Training]),
            Metrics = [.. Measured(best), .. options.Metrics],
            LearnedImages = options.LearnedImages ?? RunImages.Read(run.Folder)?.All,
        }, cancellationToken);
    }

    /// <summary>Exports a network.</summary>
    /// <param name="network">Switched to evaluation mode. The caller keeps ownership.</param>
    /// <param name="tokenizer">The tokenizer of its captions.</param>
    /// <param name="path">The <c>.swan</c> file. It replaces an existing file only when complete.</param>
    /// <param name="options">Null uses the defaults.</param>
    /// <param name="cancellationToken">Stops before the file is written.</param>
    /// <returns>The card, as written.</returns>
    /// <exception cref="ArgumentException">The tokenizer doesn't belong to the network.</exception>
    /// <exception cref="SwanOptionsException">The options contradict each other or the network, or one is out of range.</exception>
    /// <exception cref="SwanFormatException">The options contradict the network's variant.</exception>
    /// <exception cref="SwanTrainingException">The graphs' results differ from the network's, or the compressed or scaled model is worse
    /// than allowed; nothing was written.</exception>
    /// <exception cref="MLNet.Imaging.SwanImageException">An image of the calibration or validation set can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled; nothing was written.</exception>
    public static ModelCard Export(
        SwanNetwork network, ICaptionTokenizer tokenizer, string path, SwanExportOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new SwanExportOptions();
        if (!Enum.IsDefined(options.WeightPrecision))
        {
            throw new SwanOptionsException(
                $"{nameof(options.WeightPrecision)} is {options.WeightPrecision}; "
                + $"expected one of {string.Join(", ", Enum.GetNames<SwanWeightPrecision>())}.");
        }
        if (!Enum.IsDefined(options.Decode))
        {
            throw new SwanOptionsException(
                $"{nameof(options.Decode)} is {options.Decode}; expected one of {string.Join(", ", Enum.GetNames<ImageDecode>())}.");
        }
        RecallGate.Check(options);
        CompressedExport.Check(options);
        SwanNetworkOptions shape = network.Options;
        if (tokenizer.Contract != shape.TextTower.TokenizerContract())
        {
            throw new ArgumentException(
                $"The tokenizer's contract is '{tokenizer.Contract}', but the text tower {shape.TextTower} reads "
                + $"'{shape.TextTower.TokenizerContract()}': its embeddings would be silently wrong. "
                + "Give the tokenizer that it was trained with.",
                nameof(tokenizer));
        }
        if (tokenizer.VocabularySize > shape.VocabularyRows)
        {
            throw new ArgumentException(
                $"The tokenizer has {tokenizer.VocabularySize} ids, but the network's word table has {shape.VocabularyRows} rows: "
                + "they don't belong together.",
                nameof(tokenizer));
        }

        int trained = tokenizer.VocabularySize;
        int[]? kept = Kept(tokenizer, options);
        if (kept is not null) tokenizer = ((WordPieceCaptionTokenizer)tokenizer).WithOnly(kept);
        network.eval();
        ImagePreprocessing preprocessing = SwanBackbones.PreprocessingFor(shape) with { Decode = options.Decode };
        var contract = new TextContract(
            tokenizer.Contract, tokenizer.MaxLength, tokenizer.VocabularySize, options.Padding, options.PaddedLength);
        var weights = new TrainedWeights(network);
        if (kept is not null) weights.KeepRows(MiniLmGraph.WordTable, kept);
        var vocabulary = new MemoryStream();
        tokenizer.SaveVocabulary(vocabulary);
        var card = new ModelCard
        {
            Name = options.Name ?? $"swan-{shape.Backbone}-{JsonEnumNames.For(shape.Variant)}",
            Variant = shape.Variant,
            Backbone = shape.Backbone,
            EmbeddingSize = shape.EmbeddingSize,
            Modules = [.. new[] { (shape.UseVmsf, "vmsf"), (shape.UseSfgs, "sfgs"), (shape.UseTcge, "tcge") }
                .Where(m => m.Item1)
                .Select(m => m.Item2)],
            Image = preprocessing,
            Text = contract,
            TrainedVocabularySize = trained == contract.VocabularySize ? null : trained,
            Parameters = network.parameters().Sum(p => p.numel())
                - (kept is null ? 0 : (long)(trained - kept.Length) * MiniLmTextTower.Width),
            Exported = DateTimeOffset.UtcNow,
            Training = options.Training,
            Metrics = [.. RecallGate.Before(options.Metrics, options)],
        };
        SwanModelFile file = SwanModelFile.Create(
            Path.GetFileName(path), card, ImageTowerGraph.Build(shape, weights, preprocessing),
            TextTowerGraph.Build(shape, weights, contract), vocabulary.ToArray()).WithLearnedImages(options.LearnedImages);

        double difference = TowerVerification.Measure(network, file, kept, cancellationToken).MaxDifference;
        if (!(difference <= MaxDifference))
        {
            throw new SwanTrainingException(
                $"The exported graphs give other results than the network: unit embeddings differ by up to {difference:G3}, "
                + $"but at most {MaxDifference:G1} is allowed. Nothing was written to '{path}'. "
                + "Please report this with the run's config.json.");
        }

        file = file.With(file.Card with { ExportDifference = difference });
        if (RecallGate.IsCompressed(options))
            file = CompressedExport.Compress(network, file, kept, tokenizer, options, path, cancellationToken);
        else if (RecallGate.Concerns(options) && options.ValidationSet is { } validation)
        {
            CardMetric mean = RecallGate.Measure(file, file, validation, options, path, cancellationToken).MeanRecall;
            file = file.With(file.Card with { Metrics = [.. file.Card.Metrics, mean] });
        }
        cancellationToken.ThrowIfCancellationRequested();
        file.Save(path);
        return file.Card;
    }

    // The ids that stay, or null for all.
    private static int[]? Kept(ICaptionTokenizer tokenizer, SwanExportOptions options)
    {
        if (options.MaxVocabularySize is not { } most)
        {
            return options.VocabularyCaptions.Count == 0 ? null
                : throw new SwanOptionsException(
                    $"{nameof(options.VocabularyCaptions)} has {options.VocabularyCaptions.Count} captions, "
                    + $"but {nameof(options.MaxVocabularySize)} is not set, so all words are kept anyway: set it, or leave both out.");
        }
        if (tokenizer is not WordPieceCaptionTokenizer whole)
        {
            throw new SwanOptionsException(
                $"{nameof(options.MaxVocabularySize)} is {most}, but the tokenizer '{tokenizer.Contract}' has only the words of the "
                + "training captions, and no pieces to spell other words: leave it out.");
        }
        if (options.VocabularyCaptions.Count == 0)
        {
            throw new SwanOptionsException(
                $"{nameof(options.MaxVocabularySize)} is {most}, but {nameof(options.VocabularyCaptions)} has no captions: "
                + "what the network learned about their words would be lost. Give the training captions.");
        }
        return most >= whole.VocabularySize ? null : WordPiecePruning.Kept(whole, most, options.VocabularyCaptions);
    }

    /// <summary>What a card calls the set that a run's best epoch was chosen on.</summary>
    internal static string ValidationSet(int images, int captions) => $"the run's validation set ({images} images, {captions} captions)";

    // Where no mR tells the exports of a run apart, how far it had come does.
    private static IEnumerable<KeyValuePair<string, string>> Learned(SwanRun run) =>
        run.Options.TrainOnValidation ? [new(EpochsLearned, run.ReadMetrics().Count.ToString(CultureInfo.InvariantCulture))] : [];

    private static IEnumerable<CardMetric> Measured(EpochReport? best)
    {
        if (best?.Validation is not { } m) return [];
        string data = ValidationSet(m.Images, m.Captions);
        (string, double)[] recalls =
        [
            (MeanRecall, m.MeanRecall),
            ("i2t R@1", m.ImageToText.RecallAt1), ("i2t R@5", m.ImageToText.RecallAt5), ("i2t R@10", m.ImageToText.RecallAt10),
            ("t2i R@1", m.TextToImage.RecallAt1), ("t2i R@5", m.TextToImage.RecallAt5), ("t2i R@10", m.TextToImage.RecallAt10),
        ];
        return recalls.Select(r => new CardMetric(r.Item1, r.Item2, data));
    }
}
