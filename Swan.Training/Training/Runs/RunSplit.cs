using Swan.MLNet.Datasets;

namespace Swan.Training;

/// <summary>Which images a run learns from, and which ones measure it.</summary>
/// <param name="Train">The training set.</param>
/// <param name="Validation">The validation set, if there is one.</param>
/// <param name="Learned">What the run learns from: the validation set too, with <see cref="SwanTrainerOptions.TrainOnValidation"/>.</param>
/// <param name="Measured">What mR is measured on after each epoch; null if nothing is left to measure on.</param>
internal sealed record RunSplit(
    CaptionedImageSet Train, CaptionedImageSet? Validation, CaptionedImageSet Learned, CaptionedImageSet? Measured)
{
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
        (CaptionedImageSet rest, CaptionedImageSet drawn) = options.StratifiedSplit
            ? Splits.Stratified(train, options.ValidationShare, options.Seed)
            : Splits.Random(train, options.ValidationShare, options.Seed);
        return new(rest, drawn, rest, drawn);
    }
}
