namespace Swan.MLNet.Calibration;

/// <summary>The origin of a calibration.</summary>
/// <remarks>
/// A model that was trained on the images of the fit is calibrated with the numbers of a twin: a model of the same recipe that was not
/// trained on them. The bank's digest shows whether the same images were drawn again.
/// </remarks>
/// <param name="Fitted">The images and captions that it was fitted on, such as <c>val.jsonl</c>.</param>
/// <param name="FittedWith">The model that it was fitted with; it may be a twin of the calibrated one.</param>
/// <param name="Bank">The images that queries are compared with, such as <c>train.jsonl</c>.</param>
/// <param name="Seed">The seed of every draw.</param>
/// <param name="BankDigest">
/// SHA-256 of the drawn images' content hashes in rising order, in lower-case hexadecimal; null if the file doesn't have it.
/// </param>
public sealed record SwanCalibrationOrigin(string Fitted, string FittedWith, string Bank, int Seed, string? BankDigest = null);
