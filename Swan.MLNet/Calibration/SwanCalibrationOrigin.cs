namespace Swan.MLNet.Calibration;

/// <summary>Where a calibration comes from.</summary>
/// <remarks>
/// A model that has learned the images of the fit is calibrated with the numbers of another one: a twin of the same recipe that has not
/// learned them. The bank's digest tells whether the same images are drawn again.
/// </remarks>
/// <param name="Fitted">The images and captions that it was fitted on, such as <c>val.jsonl</c>.</param>
/// <param name="FittedWith">The model that it was fitted with, which may be a twin of the calibrated one.</param>
/// <param name="Bank">The images that queries are compared with, such as <c>train.jsonl</c>.</param>
/// <param name="Seed">The seed of every draw.</param>
/// <param name="BankDigest">
/// SHA-256 of the drawn images' content hashes in rising order, in lower-case hexadecimal; null where the file doesn't say.
/// </param>
public sealed record SwanCalibrationOrigin(string Fitted, string FittedWith, string Bank, int Seed, string? BankDigest = null);
