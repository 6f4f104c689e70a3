using System.Numerics.Tensors;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;

namespace Swan.MLNet.Calibration;

/// <summary>Turns scores into probabilities: that an image shows what a query names, and that any image of a gallery does.</summary>
/// <remarks>
/// A fixed score limit does not work, because scores differ by query. A calibration compares the query with a bank of images in the model
/// file, and the gallery's hits with that result. It was fitted on images that the model was not trained on. For half of the queries, all
/// images of the query's scene were removed from the gallery. So a probability of 0.5 means that a right image is as likely as not, given
/// even odds beforehand. A right image shows the scene of the query's caption. docs/guide/nothing-found.md says how far to trust it.
/// Immutable and safe for concurrent use.
/// </remarks>
public sealed class SwanCalibration
{
    internal SwanCalibration(
        ModelIdentity model, SwanCalibrationOrigin origin, ImageBank bank, LogisticModel any, LogisticModel hit, double minProbability,
        KnownWords words) =>
        (Model, Origin, Bank, Any, Hit, DefaultMinProbability, Words) = (model, origin, bank, any, hit, minProbability, words);

    /// <summary>The model whose scores it reads.</summary>
    public ModelIdentity Model { get; }

    /// <summary>The data and the model that it was fitted with.</summary>
    public SwanCalibrationOrigin Origin { get; }

    /// <summary>The lowest probability of any right image, in (0, 1), at which a query counts as answered.</summary>
    /// <remarks>The fit chose it so that about 5 % of the queries without a right image reach it.</remarks>
    public double DefaultMinProbability { get; }

    /// <summary>The number of images in the bank.</summary>
    public int BankImages => Bank.Count;

    /// <summary>The number of caption words that it knows.</summary>
    public int KnownWordCount => Words.Count;

    internal ImageBank Bank { get; }

    internal LogisticModel Any { get; }

    internal LogisticModel Hit { get; }

    internal KnownWords Words { get; }

    /// <summary>Reads the calibration of a model file.</summary>
    /// <param name="file">The model.</param>
    /// <returns>The calibration; null if the file has none.</returns>
    /// <exception cref="SwanFormatException">This version can't read it, or it belongs to another model.</exception>
    /// <exception cref="IOException">The file can no longer be read.</exception>
    public static SwanCalibration? Read(SwanModelFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        ReadOnlyMemory<byte> json = file.Calibration;
        return json.IsEmpty ? null : CalibrationJson.Read(json.Span, file);
    }

    /// <summary>Writes the calibration as an entry of a model file, for <see cref="SwanModelFile.WithCalibration"/>.</summary>
    /// <returns>UTF-8 JSON; the same for the same calibration.</returns>
    public byte[] ToJson() => CalibrationJson.Write(this);

    /// <summary>Judges the hits of a search.</summary>
    /// <param name="query">The query's embedding by <see cref="Model"/>: D values of unit length.</param>
    /// <param name="images">The number of images searched; with a filter, those that pass it.</param>
    /// <param name="scores">The hits' scores, best first. The first 10 decide whether anything is right, so pass that many.</param>
    /// <param name="embeddings">The hits' embeddings, in the same order: <c>embeddings[i * D + d]</c>, unit length.</param>
    /// <param name="hits">Receives each hit's probability of showing what the query names, in [0, 1]; as long as
    /// <paramref name="scores"/>.</param>
    /// <returns>The probability that any image shows it, in [0, 1]; 0 if nothing was found.</returns>
    /// <exception cref="ArgumentException">The lengths don't match each other.</exception>
    public double Judge(
        ReadOnlySpan<float> query, long images, ReadOnlySpan<float> scores, ReadOnlySpan<float> embeddings, Span<double> hits)
    {
        if (query.Length != Bank.Dimension || embeddings.Length != scores.Length * Bank.Dimension || hits.Length != scores.Length)
        {
            throw new ArgumentException(
                $"The query has {query.Length} values; {scores.Length} scores come with {embeddings.Length} embedding values and room for "
                + $"{hits.Length} probabilities. Expected {Bank.Dimension} values for the query and each hit, and one probability "
                + "per hit.");
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

    /// <summary>Tells which words of a text the model knows.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="tokenizer">The model's.</param>
    public SwanTextVerdict JudgeText(string text, ICaptionTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Words.Judge(text, tokenizer);
    }
}
