using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.Training.DataLoading;
using static System.FormattableString;

namespace Swan.Training.Evaluation;

/// <summary>How many images of a set a model has learned from: figures measured on them are too good.</summary>
/// <param name="Images">Images of the set.</param>
/// <param name="Learned">How many of them are learned; null where the model doesn't say what it has learned from.</param>
/// <param name="IsComplete">Whether the model names all images that it has learned from.</param>
internal sealed record LearnedImages(int Images, ImageOverlap? Learned, bool IsComplete)
{
    /// <summary>Compares a model with a set.</summary>
    /// <param name="model">What the model has learned from; null where it doesn't say.</param>
    /// <param name="set">One identity for each image.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    public static LearnedImages Compare(ImageIdentitySet? model, IReadOnlyList<ImageIdentity> set, CancellationToken cancellation) =>
        model is null ? Unknown(set.Count) : new(set.Count, model.IntersectWith(set, cancellation), model.IsComplete);

    /// <summary>Compares a model with a set whose images are read only where the model says what it has learned from.</summary>
    /// <exception cref="SwanImageException">The first image that can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static LearnedImages Measure(ImageIdentitySet? model, CaptionedImageSet set, CancellationToken cancellation) =>
        model is null ? Unknown(set.Images.Count) : Compare(model, ImageIdentities.Read(set, cancellation), cancellation);

    private static LearnedImages Unknown(int images) => new(images, null, IsComplete: false);

    /// <summary>A sentence for people.</summary>
    /// <param name="measured">Whether figures are measured on the set; otherwise it is only counted.</param>
    public string Sentence(bool measured)
    {
        if (Learned is not { } learned)
        {
            return "It is unknown which images this model has learned from: its file doesn't list them (files of earlier versions don't)."
                + (measured ? " If they include some of these, the figures are too good." : "");
        }
        string count = Invariant($"this model has learned from {(IsComplete ? "" : "at least ")}{learned.Count:N0} of these ")
            + Invariant($"{Images:N0} images ({learned})");
        string rest = IsComplete ? "" : " The other images that it has learned from are unknown.";
        if (!measured || learned.Count == 0) return $"{char.ToUpperInvariant(count[0])}{count[1..]}.{rest}";
        return $"Warning: {count}, so the figures say little about new images.{rest}";
    }
}
