using Swan.MLNet.Calibration;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;

namespace Swan.Training.Evaluation;

/// <summary>Images with scenes that queries are asked about, whole and in random parts.</summary>
internal sealed class CalibrationGallery
{
    // No epoch of a training: what is drawn here has a stream of its own.
    private const int NoEpoch = -3;

    private readonly float[] _embeddings;
    private readonly int _dimension;

    /// <summary>Embeds the images that have a scene.</summary>
    /// <exception cref="MLNet.Imaging.SwanImageException">An image can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public CalibrationGallery(CaptionedImageSet set, SwanModel model, IProgress<int>? progress, CancellationToken cancellation)
    {
        CaptionedImage[] images = [.. set.Images.Where(i => !string.IsNullOrEmpty(i.Scene))];
        _dimension = model.EmbeddingSize;
        Scenes = [.. images.Select(i => SceneKey.Of(i.Scene!))];
        _embeddings = model.EmbedImages(
            [.. images.Select(i => i.ImagePath)], progress: progress, cancellationToken: cancellation);
    }

    /// <summary>Each image's <see cref="SceneKey"/>.</summary>
    public IReadOnlyList<string> Scenes { get; }

    /// <summary>Images drawn at random.</summary>
    /// <param name="size">How many; all where there are no more.</param>
    /// <param name="seed">Of the draw.</param>
    /// <param name="draw">Which draw of that size.</param>
    /// <returns>Rows in rising order.</returns>
    public int[] Draw(int size, int seed, int draw)
    {
        int[] rows = [.. Enumerable.Range(0, Scenes.Count)];
        if (size >= rows.Length) return rows;
        new SampleRandom(seed, NoEpoch, (long)size << 8 | (uint)draw).Shuffle(rows);
        return [.. rows.Take(size).Order()];
    }

    /// <summary>A query's cosines with all images.</summary>
    public float[] Cosines(ReadOnlySpan<float> unit)
    {
        float[] cosines = new float[Scenes.Count];
        DotProducts.Fill(_embeddings, _dimension, unit, _dimension, cosines, cosines.Length);
        return cosines;
    }

    /// <summary>Asks a part of the images.</summary>
    /// <param name="rows">The part.</param>
    /// <param name="right">The scenes whose images are right.</param>
    /// <param name="without">Whether these are taken out.</param>
    /// <param name="levels">The query's.</param>
    /// <param name="scores">Its cosines with all images.</param>
    /// <param name="likeness">Those of <see cref="QueryLevels.Likeness"/>.</param>
    /// <param name="bankLacks">Whether the bank was without these scenes.</param>
    /// <returns>Null where nothing is left, or nothing right is in it though it should.</returns>
    public CalibrationCase? Ask(
        int[] rows, IReadOnlySet<string> right, bool without, QueryLevels levels, float[] scores, float[] likeness, bool bankLacks)
    {
        var best = new PriorityQueue<int, (float, int)>();
        int left = 0;
        bool any = false;
        foreach (int row in rows)
        {
            bool isRight = right.Contains(Scenes[row]);
            if (isRight && without) continue;
            (left, any) = (left + 1, any | isRight);
            // Equal scores by row, as searches order them: the later goes first.
            best.Enqueue(row, (scores[row], -row));
            if (best.Count > QueryLevels.Best) best.Dequeue();
        }
        if (left == 0 || any == without) return null;
        int[] found = new int[best.Count];
        for (int i = found.Length - 1; i >= 0; i--) found[i] = best.Dequeue();
        float[] itsScores = [.. found.Select(r => scores[r])], itsLikeness = [.. found.Select(r => likeness[r])];
        return new CalibrationCase(
            right.First(), rows.Length, bankLacks, any, levels, AnswerFeatures.Any(levels, itsScores, itsLikeness, left), itsScores,
            itsLikeness, [.. found.Select(r => right.Contains(Scenes[r]))]);
    }
}
