namespace Swan.MLNet.Calibration;

/// <summary>Where a calibration comes from.</summary>
/// <param name="Fitted">The images and captions that it was fitted on, such as <c>val.jsonl</c>.</param>
/// <param name="FittedWith">
/// The model that it was fitted with. It differs from the calibrated one where that has learned the images: a twin of the same recipe
/// that has not.
/// </param>
/// <param name="Bank">The images that queries are compared with, such as <c>train.jsonl</c>.</param>
/// <param name="Seed">The seed of every draw.</param>
/// <param name="BankDigest">
/// SHA-256 of the drawn images' content hashes in rising order, in lower-case hexadecimal: it tells whether the same images are drawn
/// again. Null where the file doesn't say.
/// </param>
public sealed record SwanCalibrationOrigin(string Fitted, string FittedWith, string Bank, int Seed, string? BankDigest = null);
