using System.Numerics.Tensors;

namespace Swan.MLNet.Retrieval;

/// <summary>Computes <see cref="RetrievalMetrics"/>. Source: spec, section 5. Safe for concurrent use.</summary>
/// <remarks>
/// Ties don't depend on the order of the data: a right item's 0-based rank is the number of wrong items with a higher score plus half of
/// those with an equal one, rounded down. All captions of an image are right for it and never push each other down.
/// </remarks>
public static class RetrievalEvaluator
{
    /// <summary>From a similarity matrix.</summary>
    /// <param name="similarity">images × captions, row-major: <c>similarity[image * captions + caption]</c>.</param>
    /// <param name="images">Number of images.</param>
    /// <param name="captionImage">For each caption the index of its image.</param>
    /// <param name="scenes">For each image its scene or null; null for no scene recall.</param>
    /// <exception cref="ArgumentException">The lengths don't fit, an index is out of range, an image has no caption, or a score isn't a number.</exception>
    public static RetrievalMetrics Evaluate(ReadOnlySpan<float> similarity, int images, ReadOnlySpan<int> captionImage, IReadOnlyList<string?>? scenes = null)
    {
        if (similarity.Length != (long)images * captionImage.Length)
            throw new ArgumentException($"{images} images and {captionImage.Length} captions have {(long)images * captionImage.Length} similarities, but {similarity.Length} were given.", nameof(similarity));
        float[] scores = similarity.ToArray();
        return Evaluate(images, captionImage.ToArray(), scenes, (image, row) => scores.AsSpan(image * row.Length, row.Length).CopyTo(row));
    }

    /// <summary>From embeddings, without ever holding the whole similarity matrix.</summary>
    /// <param name="imageEmbeddings">images × dimension, row-major, unit norm.</param>
    /// <param name="captionEmbeddings">captions × dimension, row-major, unit norm.</param>
    /// <param name="dimension">D.</param>
    /// <param name="captionImage">For each caption the index of its image.</param>
    /// <param name="scenes">For each image its scene or null; null for no scene recall.</param>
    /// <inheritdoc cref="Evaluate(ReadOnlySpan{float}, int, ReadOnlySpan{int}, IReadOnlyList{string?}?)" path="/exception"/>
    public static RetrievalMetrics Evaluate(
        ReadOnlyMemory<float> imageEmbeddings, ReadOnlyMemory<float> captionEmbeddings, int dimension, ReadOnlySpan<int> captionImage, IReadOnlyList<string?>? scenes = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (imageEmbeddings.Length % dimension != 0 || captionEmbeddings.Length != (long)captionImage.Length * dimension)
            throw new ArgumentException($"Embeddings of length {dimension} were announced, but {imageEmbeddings.Length} image and {captionEmbeddings.Length} caption values for {captionImage.Length} captions were given.", nameof(captionEmbeddings));
        return Evaluate(imageEmbeddings.Length / dimension, captionImage.ToArray(), scenes, (image, row) =>
        {
            ReadOnlySpan<float> query = imageEmbeddings.Span.Slice(image * dimension, dimension), captions = captionEmbeddings.Span;
            for (int caption = 0; caption < row.Length; caption++) row[caption] = TensorPrimitives.Dot(query, captions.Slice(caption * dimension, dimension));
        });
    }

    private delegate void FillRow(int image, Span<float> row);

    private static RetrievalMetrics Evaluate(int images, int[] captionImage, IReadOnlyList<string?>? scenes, FillRow fill)
    {
        Check(images, captionImage, scenes);
        int captions = captionImage.Length;
        var scores = new float[(long)images * captions];
        int broken = -1;
        Parallel.For(0, images, image =>
        {
            Span<float> row = scores.AsSpan(image * captions, captions);
            fill(image, row);
            if (!TensorPrimitives.IsFiniteAll<float>(row)) Volatile.Write(ref broken, image);
        });
        if (broken >= 0) throw new ArgumentException($"A similarity of image {broken} is not a finite number, so nothing can be ranked by it.");

        int[] captionsByImage = [.. Enumerable.Range(0, captions).OrderBy(c => captionImage[c])];
        var first = new int[images + 1];
        foreach (int image in captionImage) first[image + 1]++;
        for (int i = 0; i < images; i++) first[i + 1] += first[i];

        int[] sceneIds = SceneIds(scenes, images);
        var imageRanks = new int[images];
        var imageScenes = new SceneCounts(images);
        Parallel.For(0, images, image =>
        {
            ReadOnlySpan<float> row = scores.AsSpan(image * captions, captions);
            ReadOnlySpan<int> own = captionsByImage.AsSpan(first[image]..first[image + 1]);
            imageRanks[image] = BestRank(row, own);
            if (sceneIds[image] >= 0) imageScenes.Set(image, row, index => sceneIds[captionImage[index]], sceneIds[image]);
        });

        var captionRanks = new int[captions];
        var captionScenes = new SceneCounts(captions);
        Parallel.For(0, captions, () => new float[images], (caption, _, column) =>
        {
            for (int image = 0; image < images; image++) column[image] = scores[(long)image * captions + caption];
            captionRanks[caption] = BestRank(column, [captionImage[caption]]);
            if (sceneIds[captionImage[caption]] >= 0) captionScenes.Set(caption, column, index => sceneIds[index], sceneIds[captionImage[caption]]);
            return column;
        }, _ => { });

        DirectionMetrics imageToText = Direction(imageRanks), textToImage = Direction(captionRanks);
        double mean = (imageToText.RecallAt1 + imageToText.RecallAt5 + imageToText.RecallAt10 + textToImage.RecallAt1 + textToImage.RecallAt5 + textToImage.RecallAt10) / 6;
        SceneRecall? sceneRecall = sceneIds.All(s => s < 0) ? null
            : new(imageScenes.Mean(0), imageScenes.Mean(1), imageScenes.Mean(2), captionScenes.Mean(0), captionScenes.Mean(1), captionScenes.Mean(2));
        return new RetrievalMetrics(images, captions, imageToText, textToImage, mean, sceneRecall);
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
            if (image < 0 || image >= images) throw new ArgumentException($"Caption {caption} belongs to image {image}, but there are {images} images, numbered from 0.", nameof(captionImage));
            captioned[image] = true;
        }

        int without = Array.IndexOf(captioned, false);
        if (without >= 0) throw new ArgumentException($"Image {without} has no caption, so it can't be found by one.", nameof(captionImage));
        if (scenes is not null && scenes.Count != images) throw new ArgumentException($"{scenes.Count} scenes were given for {images} images.", nameof(scenes));
    }
}
