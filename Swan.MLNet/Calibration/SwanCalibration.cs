using System.Numerics.Tensors;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;

namespace Swan.MLNet.Calibration;

/// <summary>Turns scores into probabilities: that an image shows what a query names, and that any image of a gallery does.</summary>
/// <remarks>
/// A fixed limit of scores does not work, because they differ by query. A calibration compares a query with a bank of images that the model
/// file carries, and what it finds in the gallery with that. It was fitted on images that the model has not learned: as often as not, all
/// images of a query's scene were taken out of the gallery, so a probability of 0.5 means that a right image is as likely as not where
/// either is as likely beforehand. Right is an image of the scene that the query's caption was written for. docs/guide/nothing-found.md
/// says how far to trust it. Immutable and safe for concurrent use.
/// </remarks>
public sealed class SwanCalibration
{
    internal SwanCalibration(
        ModelIdentity model, SwanCalibrationOrigin origin, ImageBank bank, LogisticModel any, LogisticModel hit, double minProbability,
        KnownWords words) =>
        (Model, Origin, Bank, Any, Hit, DefaultMinProbability, Words) = (model, origin, bank, any, hit, minProbability, words);

    /// <summary>The model whose scores it reads.</summary>
    public ModelIdentity Model { get; }

    /// <summary>What it was fitted on, and with.</summary>
    public SwanCalibrationOrigin Origin { get; }

    /// <summary>The probability of any right image, in (0, 1), from which a query counts as answered.</summary>
    /// <remarks>The fit chose it so that about 5 % of the queries without a right image reach it.</remarks>
    public double DefaultMinProbability { get; }

    /// <summary>Images in the bank.</summary>
    public int BankImages => Bank.Count;

    /// <summary>How many words of captions it knows.</summary>
    public int KnownWordCount => Words.Count;

    internal ImageBank Bank { get; }

    internal LogisticModel Any { get; }

    internal LogisticModel Hit { get; }

    internal KnownWords Words { get; }

    /// <summary>Reads the calibration of a model file.</summary>
    /// <param name="file">The model.</param>
    /// <returns>Null where the file has none.</returns>
    /// <exception cref="SwanFormatException">It is not one that this version reads, or it is of another model.</exception>
    /// <exception cref="IOException">The file can't be read any more.</exception>
    public static SwanCalibration? Read(SwanModelFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        ReadOnlyMemory<byte> json = file.Calibration;
        return json.IsEmpty ? null : CalibrationJson.Read(json.Span, file);
    }

    /// <summary>The entry of a model file: <see cref="SwanModelFile.WithCalibration"/> takes it.</summary>
    /// <returns>UTF-8 JSON; the same for the same calibration.</returns>
    public byte[] ToJson() => CalibrationJson.Write(this);

    /// <summary>Judges what a search found.</summary>
    /// <param name="query">The query's embedding by <see cref="Model"/>: D values of unit length.</param>
    /// <param name="images">How many images were searched: those that pass a filter, where there is one.</param>
    /// <param name="scores">The hits' scores, best first. The first 10 decide whether anything is right, so give that many.</param>
    /// <param name="embeddings">The hits' embeddings, in the same order: <c>embeddings[i * D + d]</c>, unit length.</param>
    /// <param name="hits">Gets each hit's probability to show what the query names, in [0, 1]; as long as
    /// <paramref name="scores"/>.</param>
    /// <returns>The probability that any image shows it, in [0, 1]; 0 where nothing was found.</returns>
    /// <exception cref="ArgumentException">The lengths don't fit each other.</exception>
    public double Judge(
        ReadOnlySpan<float> query, long images, ReadOnlySpan<float> scores, ReadOnlySpan<float> embeddings, Span<double> hits)
    {
        if (query.Length != Bank.Dimension || embeddings.Length != scores.Length * Bank.Dimension || hits.Length != scores.Length)
        {
            throw new ArgumentException(
                $"The query has {query.Length} values, and {scores.Length} scores come with {embeddings.Length} values of embeddings and "
                + $"room for {hits.Length} probabilities; expected {Bank.Dimension} values for the query and each hit, and one "
                + "probability for each.");
        }
        if (scores.IsEmpty) return 0;
        QueryLevels levels = QueryLevels.Measure(Bank, query);
        float[] likeness = new float[scores.Length];
        for (int i = 0; i < likeness.Length; i++)
            likeness[i] = TensorPrimitives.Dot(levels.Likeness, embeddings.Slice(i * Bank.Dimension, Bank.Dimension));
        return Judge(levels, images, scores, likeness, hits);
    }

    /// <summary>Judges hits whose embeddings were compared already, where they lie.</summary>
    /// <param name="levels">The query's, measured over <see cref="Bank"/>.</param>
    /// <param name="images">How many images were searched.</param>
    /// <param name="scores">The hits' scores, best first; at least one.</param>
    /// <param name="likeness">Cosines of the same hits and <see cref="QueryLevels.Likeness"/>.</param>
    /// <param name="hits">Gets each hit's probability.</param>
    /// <returns>The probability that any image is right.</returns>
    internal double Judge(
        QueryLevels levels, long images, ReadOnlySpan<float> scores, ReadOnlySpan<float> likeness, Span<double> hits)
    {
        int first = Math.Min(QueryLevels.Best, scores.Length);
        double any = Any.Probability(AnswerFeatures.Any(levels, scores[..first], likeness[..first], images));
        // A hit that is right is something that is right.
        for (int i = 0; i < hits.Length; i++)
            hits[i] = Math.Min(any, Hit.Probability(AnswerFeatures.Hit(levels, any, scores[i], likeness[i], scores[0])));
        return any;
    }

    /// <summary>Tells what the model knows of a text's words.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="tokenizer">The model's.</param>
    public SwanTextVerdict JudgeText(string text, ICaptionTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Words.Judge(text, tokenizer);
    }
}
