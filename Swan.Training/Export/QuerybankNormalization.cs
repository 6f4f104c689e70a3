using System.Numerics.Tensors;
using Swan.MLNet;
using Swan.MLNet.Data;
using Swan.MLNet.Models;
using Swan.Training.Data;

namespace Swan.Training.Export;

/// <summary>Normalises a model's text tower against a bank of training images, so that captions which are close to every image are no longer found for each of them.</summary>
/// <remarks>
/// <para>
/// Among many captions some are hubs: nearest to far more images than are theirs. Querybank normalisation (Bogolin et al., CVPR 2022) with the inverted softmax
/// (Smith et al., ICLR 2017) divides exp(cosine / τ) of an image and a caption by the caption's sum over a bank of images. In logarithms that takes
/// τ · log Σ exp(c·b / τ) from each of a caption's cosines.
/// </para>
/// <para>
/// It becomes part of the model: both embeddings get one more value, whose product is that correction, and stay unit vectors, so that whatever compares embeddings
/// needs to know nothing of it. One caption's images keep their order exactly; an image's captions, and classes without examples, are ranked anew.
/// </para>
/// </remarks>
public static class QuerybankNormalization
{
    // Tells the draw from other uses of the seed.
    private const long Stream = -1;

    // The bank is stored in float16.
    private const double LargestDifference = 1e-3;
    private const int LargestSample = 64;

    /// <summary>Makes the normalised model.</summary>
    /// <param name="model">Any model that isn't normalised yet; its weights stay as they are stored.</param>
    /// <param name="training">The images and captions that it was trained with. Its images are the bank; captions of theirs decide what is neutral.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="progress">Gets the number of the bank's images done.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The model with one value more an embedding, not yet saved. Metrics in its card are marked as those of before.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or the set has fewer than two images or no caption.</exception>
    /// <exception cref="SwanFormatException">The model is normalised already.</exception>
    /// <exception cref="MLNet.Imaging.SwanImageException">An image can't be read.</exception>
    /// <exception cref="SwanTrainingException">The new graphs don't answer as they should.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SwanModelFile Apply(
        SwanModelFile model, CaptionedImageSet training, QuerybankOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        options ??= new QuerybankOptions();
        options.Validate();
        if (model.Card.Querybank is { } already)
            throw new SwanFormatException($"'{model.Name}' is normalised already, against {already.Images} images: a second time would count them twice. Give the model as 'swan export' wrote it.");
        int[] drawn = Draw(training, options);
        string[] captions = [.. training.Captions.Where((_, c) => Array.BinarySearch(drawn, training.CaptionImage[c]) >= 0).Distinct(StringComparer.Ordinal)];
        if (captions.Length == 0) throw new ArgumentException($"None of the {drawn.Length} images drawn from '{training.Name}' has a caption; expected captions, because their mean decides what is neutral.", nameof(training));

        int dimension = model.Card.EmbeddingSize;
        string[] images = [.. drawn.Select(i => training.Images[i].ImagePath)];
        float[] bank, texts;
        using (SwanModel plain = SwanModel.Open(model, new SwanModelOptions { Device = SwanDevice.Cpu }))
        {
            bank = plain.EmbedImages(images, progress: progress, cancellationToken: cancellationToken);
            texts = plain.EmbedCaptions(captions, cancellationToken: cancellationToken);
        }

        double[] sums = [.. Enumerable.Range(0, captions.Length).Select(c => LogSum(texts.AsSpan(c * dimension, dimension), bank, options.Temperature))];
        double center = sums.Average();
        ModelCard card = model.Card with
        {
            EmbeddingSize = dimension + 1,
            Querybank = new Querybank(drawn.Length, options.Temperature),
            Metrics = [.. model.Card.Metrics.Select(m => m with { Data = $"{m.Data}, before it was normalised" })],
        };
        SwanModelFile normalized = SwanModelFile.Create(
            model.Name, card, QuerybankGraph.Image(model.ImageOnnx.Span, card.Image.Size, dimension),
            QuerybankGraph.Text(model.TextOnnx.Span, bank, dimension, options.Temperature, center), model.Vocabulary.ToArray());

        int sample = Math.Min(LargestSample, Math.Min(images.Length, captions.Length));
        using SwanModel opened = SwanModel.Open(normalized, new SwanModelOptions { Device = SwanDevice.Cpu });
        RequireSame(model.Name, opened.EmbedImages(images[..sample], cancellationToken: cancellationToken), bank, dimension, _ => QuerybankGraph.ImageValue);
        RequireSame(
            model.Name, opened.EmbedCaptions(captions[..sample], cancellationToken: cancellationToken), texts, dimension,
            c => (center - sums[c]) * options.Temperature / QuerybankGraph.ImageValue);
        return normalized;
    }

    // What the new graphs give is what the old ones gave, the new value, and both over their norm.
    private static void RequireSame(string name, float[] longer, float[] plain, int dimension, Func<int, double> value)
    {
        for (int row = 0; row < longer.Length / (dimension + 1); row++)
        {
            double added = value(row), norm = Math.Sqrt(1 + added * added);
            for (int d = 0; d <= dimension; d++)
            {
                double expected = (d < dimension ? plain[row * dimension + d] : added) / norm, found = longer[row * (dimension + 1) + d];
                if (!(Math.Abs(found - expected) <= LargestDifference))
                    throw new SwanTrainingException($"The normalised graphs of '{name}' answer differently from what was computed for them: value {d} of an embedding is {found:G4}, expected {expected:G4}. Nothing was written. Please report this with the model file.");
            }
        }
    }

    // In the set's order.
    private static int[] Draw(CaptionedImageSet set, QuerybankOptions options)
    {
        if (set.Images.Count < QuerybankOptions.FewestImages)
            throw new ArgumentException($"'{set.Name}' has {set.Images.Count} images; expected at least {QuerybankOptions.FewestImages}, because a caption is compared over many.", nameof(set));
        int[] images = [.. Enumerable.Range(0, set.Images.Count)];
        new SampleRandom(options.Seed, 0, Stream).Shuffle(images);
        return [.. images.Take(options.Images).Order()];
    }

    // log Σ exp(c·b / τ)
    private static double LogSum(ReadOnlySpan<float> caption, ReadOnlySpan<float> bank, double temperature)
    {
        double sum = 0;
        for (int at = 0; at < bank.Length; at += caption.Length) sum += Math.Exp(TensorPrimitives.Dot(caption, bank.Slice(at, caption.Length)) / temperature);
        return Math.Log(sum);
    }
}
