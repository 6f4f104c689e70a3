namespace Swan.Training.Evaluation;

/// <summary>Results of a calibration on queries of one kind, at the limit that the fit chose.</summary>
/// <param name="Name">The queries and the gallery.</param>
/// <param name="Images">Images in the gallery, before any are taken out.</param>
/// <param name="Queries">How many queries were asked.</param>
/// <param name="AnsweredWithoutRight">
/// Share of these that were answered after all right images were removed from the gallery, when "nothing found" is right.
/// </param>
/// <param name="NothingWithRight">Share of the queries with a right image that got "nothing found"; NaN if none has one.</param>
/// <param name="NotKnown">Share of the texts that were taken for unknown words or another language.</param>
public sealed record SwanCalibrationRow(
    string Name, int Images, int Queries, double AnsweredWithoutRight, double NothingWithRight, double NotKnown);
