using System.Runtime.CompilerServices;
using System.Numerics.Tensors;
using Swan.MLNet.Calibration;
using Swan.MLNet.Models;

namespace Swan.MLNet.Search;

public abstract partial class SwanGallery
{
    /// <summary>Finds the rows that fit a caption or query text best, with the probability that they do.</summary>
    /// <remarks>
    /// Returns the same hits in the same order as <see cref="SearchCaption(SwanModel, string, int)"/>; without a calibration, probabilities
    /// are null. Comparing the query with the bank adds a fraction of a millisecond to the search. Rows that are not images of the model
    /// make the probabilities meaningless.
    /// </remarks>
    /// <param name="model">The model that made the gallery's embeddings.</param>
    /// <param name="caption">A text with a word that the model knows.</param>
    /// <param name="k">How many hits, at least 1.</param>
    /// <exception cref="SwanMismatchException">The gallery holds embeddings of another model.</exception>
    /// <exception cref="Text.SwanTextException">The model doesn't know any word of the caption.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="SwanFormatException">A file of the index or the model's calibration is damaged; the message names it.</exception>
    public SwanAnswer AnswerCaption(SwanModel model, string caption, int k) => AnswerCaption(model, caption, Best(k));

    /// <summary>Finds the rows that fit a caption or query text best, as the options say, with the probability that they do.</summary>
    /// <remarks>
    /// The probability of a right hit covers the rows that pass the filter; <see cref="SwanGallerySearchOptions.MinimumScore"/> and
    /// <see cref="SwanGallerySearchOptions.Skip"/> leave out hits without changing probabilities.
    /// </remarks>
    /// <param name="model">The model that made the gallery's embeddings.</param>
    /// <param name="caption">A text with a word that the model knows.</param>
    /// <param name="options">How many results, how many to skip, the lowest score. Null: the ten best.</param>
    /// <param name="cancellationToken">Cancels the search within milliseconds, or after a pass that it also makes for other
    /// searches.</param>
    /// <exception cref="SwanMismatchException">The gallery holds embeddings of another model.</exception>
    /// <exception cref="Text.SwanTextException">The model doesn't know any word of the caption.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="Metadata.SwanFilterException">The filter doesn't match the columns.</exception>
    /// <exception cref="SwanFormatException">A file of the index or the model's calibration is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    [OverloadResolutionPriority(1)]
    public SwanAnswer AnswerCaption(
        SwanModel model, string caption, SwanGallerySearchOptions? options = null, CancellationToken cancellationToken = default) =>
        Answer(model, caption, fitting => fitting.EmbedCaption(caption), options, cancellationToken);

    /// <summary>As with a caption alone, but reuses its embedding, so a repeated text isn't encoded again.</summary>
    /// <param name="model">The model that made the gallery's embeddings.</param>
    /// <param name="caption">A text with a word that the model knows.</param>
    /// <param name="embedding">The text's embedding from <see cref="SwanModel.EmbedCaption"/> of this model.</param>
    /// <param name="options">How many results, how many to skip, the lowest score. Null: the ten best.</param>
    /// <param name="cancellationToken">Cancels the search within milliseconds, or after a pass that it also makes for other
    /// searches.</param>
    /// <exception cref="SwanMismatchException">The gallery holds embeddings of another model.</exception>
    /// <exception cref="ArgumentException">The embedding doesn't have D values, or has no direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not valid.</exception>
    /// <exception cref="Metadata.SwanFilterException">The filter doesn't match the columns.</exception>
    /// <exception cref="SwanFormatException">A file of the index or the model's calibration is damaged; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public SwanAnswer AnswerCaption(SwanModel model, string caption, ReadOnlyMemory<float> embedding,
        SwanGallerySearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caption);
        return Answer(model, caption, _ => embedding.ToArray(), options, cancellationToken);
    }

    private SwanAnswer Answer(SwanModel model, string caption, Func<SwanModel, float[]> embed, SwanGallerySearchOptions? options,
        CancellationToken cancellationToken)
    {
        SwanGallerySearchOptions asked = Checked(options);
        GalleryView view = Enter();
        try
        {
            float[] query = embed(ForQuery(view, model));
            RowMask? rows = view.Asked(asked.Filter, cancellationToken);
            SwanCalibration? calibration = model.Calibration;
            // The calibration uses the best hits, whichever are shown.
            long most = Math.Max((long)asked.K + asked.Skip, calibration is null ? 1 : QueryLevels.Best);
            var wanted = new Wanted((int)Math.Min(int.MaxValue, most), float.NegativeInfinity, rows);
            SwanHit[] found = Search(view, query, wanted, skip: 0, asked.Threads, cancellationToken);
            double[]? probabilities = calibration is null ? null : new double[found.Length];
            double? any = calibration is null ? null
                : Judge(calibration, view, query, rows?.Count ?? view.Search.Scanned.Count, found, probabilities);
            float least = asked.MinimumScore ?? float.NegativeInfinity;
            return new SwanAnswer(
                [.. found.Select((hit, i) => new SwanAnswerHit(hit.Key, hit.Row, hit.Score, probabilities?[i]))
                    .Where(hit => hit.Score >= least).Skip(asked.Skip).Take(asked.K)],
                any, calibration?.DefaultMinProbability, model.JudgeText(caption));
        }
        finally
        {
            Leave(view);
        }
    }

    // Hits' embeddings are compared in place: copying a page of thousands would take megabytes.
    private static double Judge(
        SwanCalibration calibration, GalleryView view, float[] query, int images, SwanHit[] found, double[]? probabilities)
    {
        if (found.Length == 0) return 0;
        QueryLevels levels = QueryLevels.Measure(calibration.Bank, query);
        float[] likeness = Array.ConvertAll(
            found, hit => TensorPrimitives.Dot(levels.Likeness, view.Search.Scanned.Row(hit.Row)));
        return calibration.Judge(levels, images, Array.ConvertAll(found, hit => hit.Score), likeness, probabilities);
    }
}
