using System.Numerics.Tensors;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.MLNet.Onnx;
using Swan.MLNet.Scheduling;
using Swan.Training.DataLoading;
using static System.FormattableString;

namespace Swan.Training.Export;

/// <summary>Normalizes a model against a bank of training images to lower the scores of captions that are near every image.</summary>
/// <remarks>
/// <para>
/// Some captions are hubs: they are nearest to far more images than they describe. Querybank normalization (Bogolin et al., CVPR 2022)
/// with the inverted softmax (Smith et al., ICLR 2017) divides exp(cosine / τ) of an image and a caption by the caption's sum over a bank
/// of images. In logarithms, this subtracts τ · log Σ exp(c·b / τ) from each of a caption's cosines.
/// </para>
/// <para>
/// The correction becomes part of the model: both embeddings get one more value, whose product is the correction, and stay unit vectors.
/// The order of a caption's images doesn't change (except for rounding). The order of an image's captions, and of classes without
/// examples, can change.
/// </para>
/// </remarks>
public static class QuerybankNormalization
{
    // No epoch of a training: what is drawn here has a stream of its own.
    private const int NoEpoch = -1;

    // Their mean decides what is neutral: enough for any number of images.
    private const int MaxCaptions = 2048;
    private const int MaxSample = 64;
    private const int CaptionBatch = 64;

    // The bank is stored in float16.
    private const double MaxImageDifference = 1e-5, MaxCaptionDifference = 1e-3;

    /// <summary>Makes the normalized model.</summary>
    /// <param name="model">
    /// A model that isn't normalized yet, with ONNX operator sets 13 to 17, as 'swan export' writes it. Its weights keep their stored
    /// form.
    /// </param>
    /// <param name="training">
    /// The images and captions that it was trained with. The bank is drawn from the images; their captions set the neutral level. Never
    /// use data that the model will be measured on.
    /// </param>
    /// <param name="options">Null uses the defaults.</param>
    /// <param name="progress">Receives the number of bank images done.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// The model with one more value per embedding, not yet saved. Its card marks the metrics as measured before normalization. The bank's
    /// images count as images that it has learned from.
    /// </returns>
    /// <exception cref="ArgumentException">An option is out of range, or the set has fewer than two images or no caption.</exception>
    /// <exception cref="SwanMismatchException">The model is already normalized.</exception>
    /// <exception cref="SwanFormatException">The model has another operator set, or can't be run.</exception>
    /// <exception cref="MLNet.Imaging.SwanImageException">An image can't be read.</exception>
    /// <exception cref="SwanTrainingException">The new graphs give wrong results.</exception>
    /// <exception cref="SwanDeviceException">ONNX Runtime or the device is missing.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static SwanModelFile Apply(
        SwanModelFile model, CaptionedImageSet training, QuerybankOptions? options = null, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default) =>
        Apply(model, training, options, out _, progress, cancellationToken);

    /// <summary>Makes the normalized model, and tells which images its bank has.</summary>
    internal static SwanModelFile Apply(
        SwanModelFile model, CaptionedImageSet training, QuerybankOptions? options, out IReadOnlyList<ImageIdentity> bankImages,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        options ??= new QuerybankOptions();
        options.Validate();
        ThrowIfNormalized(model);
        if (training.Images.Count < QuerybankOptions.MinImages)
        {
            int found = training.Images.Count, expected = QuerybankOptions.MinImages;
            throw Unusable(
                training, Invariant($"it has {found} images; expected at least {expected}, to compare each caption with many images."));
        }
        CaptionedImage[] drawn = Draw(training, options);
        string[] captions = [.. drawn.Where(i => i.Captions.Count > 0).Take(MaxCaptions).Select(i => i.Captions[0])];
        if (captions.Length == 0)
        {
            throw Unusable(training, Invariant(
                $"none of the {drawn.Length} images drawn has a caption; expected captions, because their mean sets the neutral level."));
        }

        int dimension = model.Card.EmbeddingSize;
        string[] images = [.. drawn.Select(i => i.ImagePath)];
        var opening = new SwanModelOptions { Device = options.Device };
        var identities = new ImageIdentity[images.Length];
        // As the model reads whatever it is asked for later.
        ImageDecodingOptions decoding = new ImageDecodingOptions().For(model.Card.Image);
        float[] bank, texts;
        using (SwanModel plain = SwanModel.Open(model, opening))
        {
            bank = plain.EmbedImages(images.Length, Decoded, progress: progress, cancellationToken: cancellationToken);
            texts = Embed(plain, captions);
        }

        double[] sums = LogSums(texts, bank, dimension, options.Temperature, cancellationToken);
        double center = sums.Average();
        SwanModelFile normalized = SwanModelFile.Create(
            model.Name,
            model.Card with
            {
                EmbeddingSize = dimension + 1,
                Querybank = new Querybank
                {
                    Images = drawn.Length,
                    Temperature = options.Temperature,
                    Seed = options.Seed,
                    Data = training.Name,
                    Sha256 = RunData.Describe(training).Sha256,
                },
                Metrics = [.. model.Card.Metrics.Select(m => m with { Data = $"{m.Data}, before it was normalized" })],
            },
            QuerybankGraph.Image(model.ImageOnnx.Span, model.Card.Image.Size, dimension),
            QuerybankGraph.Text(model.TextOnnx.Span, bank, dimension, options.Temperature, center), model.Vocabulary.ToArray())
            .WithLearnedImages((model.LearnedImages ?? ImageIdentitySet.Empty.WithUnknownImages()).Union(new(identities)));

        using SwanModel opened = SwanModel.Open(normalized, opening);
        float[] newImages = opened.EmbedImages(images[..Math.Min(MaxSample, images.Length)], cancellationToken: cancellationToken);
        float[] newTexts = Embed(opened, captions[..Math.Min(MaxSample, captions.Length)]);
        ThrowIfDifferent($"the image tower of '{model.Name}'", newImages, bank, dimension, MaxImageDifference,
            _ => QuerybankGraph.ImageValue);
        ThrowIfDifferent($"the text tower of '{model.Name}'", newTexts, texts, dimension, MaxCaptionDifference,
            c => (center - sums[c]) * options.Temperature / QuerybankGraph.ImageValue);
        bankImages = identities;
        return normalized;

        // Data sets also have captions without a word, such as a full stop alone.
        float[] Embed(SwanModel embedder, string[] sentences) => embedder.EmbedCaptions(
            Array.ConvertAll(sentences, embedder.Tokenizer.Tokenize), CaptionBatch, null, cancellationToken);

        RgbImage Decoded(int i)
        {
            (RgbImage picture, identities[i]) = ImageIdentities.Decode(images[i], decoding);
            return picture;
        }
    }

    private static void ThrowIfNormalized(SwanModelFile model)
    {
        if (model.Card.Querybank is { } already)
        {
            throw new SwanMismatchException(
                Invariant($"'{model.Name}' is already normalized against {already.Images} images of '{already.Data}'; ")
                + "a second normalization would count them twice. Give the model as 'swan export' wrote it.");
        }
        foreach ((string entry, ReadOnlyMemory<byte> onnx) in (ReadOnlySpan<(string, ReadOnlyMemory<byte>)>)[
            (ModelArchive.ImageEntry, model.ImageOnnx), (ModelArchive.TextEntry, model.TextOnnx)])
        {
            long set = OnnxGraph.OperatorSetOf(onnx.Span);
            if (set is < QuerybankGraph.OldestOperatorSet or > QuerybankGraph.NewestOperatorSet)
            {
                throw new SwanFormatException(
                    Invariant($"'{entry}' of '{model.Name}' uses ONNX operator set {set}, but the added nodes mean the same only in sets ")
                    + Invariant($"{QuerybankGraph.OldestOperatorSet} to {QuerybankGraph.NewestOperatorSet}. ")
                    + "Export the model with 'swan export', which writes 17.");
            }
        }
    }

    // In the set's order.
    private static SwanDataException Unusable(CaptionedImageSet set, string problem) => new([new DataFault(set.Name, 0, problem)]);

    private static CaptionedImage[] Draw(CaptionedImageSet set, QuerybankOptions options)
    {
        int[] images = [.. Enumerable.Range(0, set.Images.Count)];
        new SampleRandom(options.Seed, NoEpoch, 0).Shuffle(images);
        return [.. images.Take(options.Images).Order().Select(i => set.Images[i])];
    }

    // log Σ exp(c·b / τ) of each caption.
    private static double[] LogSums(float[] captions, float[] bank, int dimension, double temperature, CancellationToken cancellation)
    {
        var sums = new double[captions.Length / dimension];
        ParallelWork.Run(() => Parallel.For(0, sums.Length, new ParallelOptions { CancellationToken = cancellation }, c =>
        {
            double sum = 0;
            ReadOnlySpan<float> caption = captions.AsSpan(c * dimension, dimension);
            for (int at = 0; at < bank.Length; at += dimension)
                sum += Math.Exp(TensorPrimitives.Dot(caption, bank.AsSpan(at, dimension)) / temperature);
            sums[c] = Math.Log(sum);
        }));
        return sums;
    }

    // What the new graph gives is what the old one gave, the new value, and both over their norm.
    private static void ThrowIfDifferent(
        string tower, float[] longer, float[] plain, int dimension, double largest, Func<int, double> value)
    {
        for (int row = 0; row < longer.Length / (dimension + 1); row++)
        {
            double added = value(row), norm = Math.Sqrt(1 + added * added);
            for (int d = 0; d <= dimension; d++)
            {
                double expected = (d < dimension ? plain[row * dimension + d] : added) / norm, found = longer[row * (dimension + 1) + d];
                if (!double.IsFinite(expected))
                {
                    throw new SwanTrainingException(
                        Invariant($"Value {d} of an embedding of {tower} is {expected}: the model was damaged before normalization. ")
                        + "Nothing was written. Train or export it again.");
                }
                if (!(Math.Abs(found - expected) <= largest))
                {
                    throw new SwanTrainingException(
                        Invariant($"After normalization, {tower} gives another result than was computed for it: ")
                        + Invariant($"value {d} of embedding {row} is {found:G4}, expected {expected:G4}. Nothing was written. ")
                        + "Please report this with the model file.");
                }
            }
        }
    }
}
