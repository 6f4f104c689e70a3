namespace Swan.Training.Evaluation;

/// <summary>How a calibration does on queries of one kind, by the limit that the fit chose.</summary>
/// <param name="Name">Which queries, and which gallery.</param>
/// <param name="Images">Images in the gallery, before any are taken out.</param>
/// <param name="Queries">How many queries were asked.</param>
/// <param name="AnsweredWithoutRight">
/// Of these, after all right images were taken out of the gallery: the share that was answered, where "nothing found" is right.
/// </param>
/// <param name="NothingWithRight">Of those with a right image: the share that got "nothing found"; NaN where none has one.</param>
/// <param name="NotKnown">The share of texts that were taken for unknown words or another language.</param>
public sealed record SwanCalibrationRow(
    string Name, int Images, int Queries, double AnsweredWithoutRight, double NothingWithRight, double NotKnown);
