using Swan.MLNet.Datasets;
using Swan.MLNet.Numerics;

namespace Swan.Training;

/// <summary>Which images a run learns from, and which ones measure it.</summary>
/// <param name="Train">The training set.</param>
/// <param name="Validation">The validation set, if there is one.</param>
/// <param name="Learned">What the run learns from: the validation set too, with <see cref="SwanTrainerOptions.TrainOnValidation"/>.</param>
/// <param name="Measured">What mR is measured on after each epoch; null if nothing is left to measure on.</param>
internal sealed record RunSplit(
    CaptionedImageSet Train, CaptionedImageSet? Validation, CaptionedImageSet Learned, CaptionedImageSet? Measured)
{
    private CaptionedImageSet? Whole { get; init; }

    /// <summary>Whether it divides this set, and no validation set is given.</summary>
    public bool IsOf(CaptionedImageSet train, CaptionedImageSet? validation) => validation is null && ReferenceEquals(Whole, train);

    /// <summary>Takes part of the training set for validation if no validation set is given and the options do not train on it.</summary>
    public static RunSplit Create(CaptionedImageSet train, CaptionedImageSet? validation, SwanTrainerOptions options)
    {
        if (options.TrainOnValidation)
        {
            CaptionedImageSet all = validation is null
                ? train
                : new([.. train.Images, .. validation.Images], $"{train.Name} + {validation.Name}");
            return new(train, validation, all, Measured: null);
        }
        if (validation is not null) return new(train, validation, train, validation);
        (CaptionedImageSet rest, CaptionedImageSet drawn) =
            Splits.Divide(train, options.ValidateBy, options.ValidationShare, options.Seed);
        return new(rest, drawn, rest, drawn) { Whole = train };
    }

    /// <summary>Says which images had no group of others, if the set was divided by groups.</summary>
    public void SayGroups(SwanTrainerOptions options, Action<string> say)
    {
        IReadOnlyList<string> alone = options.ValidateBy.Unmatched(new([.. Train.Images, .. Validation!.Images]));
        if (alone.Count == 0) return;
        say($"{Counted.Of(alone.Count, "image")} of {Train.Images.Count + Validation.Images.Count} {Counted.Verb(alone.Count)} a group of "
            + $"{Counted.Verb(alone.Count, "its", "their")} own, because the name does not match '{options.ValidateBy}': "
            + $"{string.Join(", ", alone.Take(5))}{(alone.Count > 5 ? ", …" : "")}. Tiles of one picture among them may be on both sides.");
    }
}
