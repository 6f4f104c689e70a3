using System.Numerics.Tensors;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Evaluation;

/// <summary>Computes <see cref="RetrievalMetrics"/>.</summary>
/// <remarks>
/// Source: docs/spec/network.md, section 5. Safe for concurrent use. Ties don't depend on the order of the data: a right item's 0-based
/// rank is the number of wrong items with a higher score plus half of those with an equal one, rounded down. All captions of an image are
/// right for it and never push each other down.
/// </remarks>
public static class RetrievalEvaluator
{
    /// <summary>Computes the metrics from a similarity matrix.</summary>
    /// <param name="similarity">images × captions, row-major: <c>similarity[image * captions + caption]</c>.</param>
    /// <param name="images">Number of images.</param>
    /// <param name="captionImage">The index of each caption's image.</param>
    /// <param name="scenes">The scene of each image, or null if it has none. A null list means no scene recall.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentException">
    /// The lengths don't match, an index is out of range, an image has no caption, or a score isn't a number.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static RetrievalMetrics Evaluate(
        ReadOnlyMemory<float> similarity, int images, ReadOnlySpan<int> captionImage, IReadOnlyList<string?>? scenes = null,
        CancellationToken cancellationToken = default)
    {
        if (similarity.Length != (long)images * captionImage.Length)
        {
            throw new ArgumentException(
                $"{images} images and {captionImage.Length} captions need {(long)images * captionImage.Length} similarities; "
                + $"got {similarity.Length}.",
                nameof(similarity));
        }
        return Evaluate(images, captionImage.ToArray(), scenes, new SimilarityMatrix(similarity, captionImage.Length), cancellationToken);
    }

    /// <summary>
    /// Computes the metrics from embeddings without holding the whole similarity matrix: every product is computed twice, once for each
    /// direction.
    /// </summary>
    /// <param name="imageEmbeddings">images × dimension, row-major, unit norm.</param>
    /// <param name="captionEmbeddings">captions × dimension, row-major, unit norm.</param>
    /// <param name="dimension">D.</param>
    /// <param name="captionImage">The index of each caption's image.</param>
    /// <param name="scenes">The scene of each image, or null if it has none. A null list means no scene recall.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <inheritdoc cref="Evaluate(ReadOnlyMemory{float}, int, ReadOnlySpan{int}, IReadOnlyList{string?}?, CancellationToken)"
    /// path="/exception"/>
    public static RetrievalMetrics Evaluate(
        ReadOnlyMemory<float> imageEmbeddings, ReadOnlyMemory<float> captionEmbeddings, int dimension, ReadOnlySpan<int> captionImage,
        IReadOnlyList<string?>? scenes = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (imageEmbeddings.Length % dimension != 0 || captionEmbeddings.Length != (long)captionImage.Length * dimension)
        {
            throw new ArgumentException(
                $"Expected embeddings of {dimension} values; got {imageEmbeddings.Length} image values and {captionEmbeddings.Length} "
                + $"caption values for {captionImage.Length} captions.",
                nameof(captionEmbeddings));
        }
        return Evaluate(
            imageEmbeddings.Length / dimension, captionImage.ToArray(), scenes,
            new EmbeddingSimilarities(
                new EmbeddingsInMemory(imageEmbeddings, dimension), new EmbeddingsInMemory(captionEmbeddings, dimension)),
            cancellationToken);
    }

    /// <summary>From embeddings in blocks: both of one length, and an image for each caption.</summary>
    /// <inheritdoc cref="Evaluate(ReadOnlyMemory{float}, int, ReadOnlySpan{int}, IReadOnlyList{string?}?, CancellationToken)"/>
    internal static RetrievalMetrics Evaluate(EmbeddedImages images, EmbeddedCaptions captions, CancellationToken cancellationToken) =>
        Evaluate(
            images.Embeddings.Count, captions.Image, images.Scenes,
            new EmbeddingSimilarities(new EmbeddingsInBlocks(images.Embeddings), new EmbeddingsInBlocks(captions.Embeddings)),
            cancellationToken);

    private static RetrievalMetrics Evaluate(
        int images, int[] captionImage, IReadOnlyList<string?>? scenes, Similarities similarities, CancellationToken cancellationToken)
    {
        Check(images, captionImage, scenes);
        int captions = captionImage.Length;
        int[] captionsByImage = [.. Enumerable.Range(0, captions).OrderBy(c => captionImage[c])];
        var first = new int[images + 1];
        foreach (int image in captionImage) first[image + 1]++;
        for (int i = 0; i < images; i++) first[i + 1] += first[i];

        int[] imageScene = SceneIds(scenes, images);
        int[] captionScene = Array.ConvertAll(captionImage, image => imageScene[image]);
        var imageRanks = new int[images];
        var imageScenes = new SceneCounts(images);
        int broken = -1;
        InGroups(images, captions, similarities.OfImages, (image, scores) =>
        {
            // Every score is in some image's row, so captions need not be checked again.
            if (!TensorPrimitives.IsFiniteAll(scores)) Volatile.Write(ref broken, image);
            imageRanks[image] = BestRank(scores, captionsByImage.AsSpan(first[image]..first[image + 1]));
            if (imageScene[image] >= 0) imageScenes.Set(image, scores, captionScene, imageScene[image]);
        }, cancellationToken);
        if (broken >= 0)
            throw new ArgumentException($"A similarity of image {broken} is not a finite number, so it can't be ranked.");

        var captionRanks = new int[captions];
        var captionScenes = new SceneCounts(captions);
        InGroups(captions, images, similarities.OfCaptions, (caption, scores) =>
        {
            captionRanks[caption] = BestRank(scores, [captionImage[caption]]);
            if (captionScene[caption] >= 0) captionScenes.Set(caption, scores, imageScene, captionScene[caption]);
        }, cancellationToken);

        DirectionMetrics imageToText = Direction(imageRanks), textToImage = Direction(captionRanks);
        double mean = (imageToText.RecallAt1 + imageToText.RecallAt5 + imageToText.RecallAt10 + textToImage.RecallAt1
            + textToImage.RecallAt5 + textToImage.RecallAt10) / 6;
        SceneRecall? sceneRecall = imageScene.All(s => s < 0) ? null
            : new(imageScenes.Mean(0), imageScenes.Mean(1), imageScenes.Mean(2), captionScenes.Mean(0), captionScenes.Mean(1),
                captionScenes.Mean(2));
        (RecallInterval interval, RecallIntervals ofImages, RecallIntervals ofCaptions) = RecallBootstrap.Intervals(
            imageRanks, captionRanks, captionImage);
        return new RetrievalMetrics(images, captions, imageToText with { Intervals = ofImages },
            textToImage with { Intervals = ofCaptions }, mean, sceneRecall) { Interval = interval };
    }

    private delegate void FillScores(int first, int count, Span<float> scores);

    private delegate void TakeScores(int query, ReadOnlySpan<float> scores);

    private static void InGroups(int queries, int items, FillScores fill, TakeScores take, CancellationToken cancellationToken)
    {
        int groups = (queries + Similarities.Group - 1) / Similarities.Group, next = 0;
        ParallelWork.Share(Math.Min(Environment.ProcessorCount, groups), () =>
        {
            // One a thread; a loop of Parallel would make others each time that it moves to another thread.
            float[]? scores = null;
            try
            {
                for (int group; (group = Interlocked.Increment(ref next) - 1) < groups;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    scores ??= new float[(long)Similarities.Group * items];
                    int first = group * Similarities.Group, count = Math.Min(Similarities.Group, queries - first);
                    fill(first, count, scores);
                    for (int q = 0; q < count; q++) take(first + q, scores.AsSpan(q * items, items));
                }
            }
            catch
            {
                // The results of other threads are no longer needed.
                Volatile.Write(ref next, groups);
                throw;
            }
        }, cancellationToken);
    }

    /// <summary>The 0-based rank of the best right item among the wrong ones.</summary>
    private static int BestRank(ReadOnlySpan<float> scores, ReadOnlySpan<int> right)
    {
        // Among the right items the highest score has the best rank.
        float best = float.NegativeInfinity;
        foreach (int index in right) best = Math.Max(best, scores[index]);
        int higher = 0, equal = 0;
        foreach (float score in scores)
        {
            if (score > best) higher++;
            else if (score == best) equal++;
        }

        // No right item is higher than the best one, so only those that equal it are taken off.
        foreach (int index in right) equal -= scores[index] == best ? 1 : 0;
        return higher + equal / 2;
    }

    private static DirectionMetrics Direction(int[] ranks)
    {
        double At(int k) => 100.0 * ranks.Count(r => r < k) / ranks.Length;
        int[] sorted = [.. ranks.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
        return new(At(1), At(5), At(10), Math.Floor(median) + 1, ranks.Average() + 1);
    }

    private static int[] SceneIds(IReadOnlyList<string?>? scenes, int images)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, images).Select(i =>
        {
            if (scenes?[i] is not { } scene) return -1;
            if (!ids.TryGetValue(scene, out int id)) ids[scene] = id = ids.Count;
            return id;
        })];
    }

    private static void Check(int images, int[] captionImage, IReadOnlyList<string?>? scenes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        var captioned = new bool[images];
        for (int caption = 0; caption < captionImage.Length; caption++)
        {
            int image = captionImage[caption];
            if (image < 0 || image >= images)
            {
                throw new ArgumentException(
                    $"Caption {caption} belongs to image {image}, but there are {images} images, numbered from 0.", nameof(captionImage));
            }
            captioned[image] = true;
        }

        int without = Array.IndexOf(captioned, false);
        if (without >= 0)
            throw new ArgumentException($"Image {without} has no caption, so it can't be found by one.", nameof(captionImage));
        if (scenes is not null && scenes.Count != images)
            throw new ArgumentException($"Got {scenes.Count} scenes for {images} images; expected one for each.", nameof(scenes));
    }
}
