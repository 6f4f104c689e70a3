namespace Swan.Benchmarks.Commands;

/// <summary>What an image costs on its way to the encoder: processor milliseconds, medians.</summary>
/// <param name="Name">Format and size.</param>
/// <param name="Kilobytes">Of a file, on average.</param>
/// <param name="Full">Decoded in full and resized.</param>
/// <param name="Scaled">The same by a model that decodes scaled.</param>
/// <param name="FullMegabytes">What is charged for it in full.</param>
/// <param name="ScaledMegabytes">What is charged for it scaled.</param>
/// <param name="Walk">Looking for damage in a JPEG; in both of the above.</param>
/// <param name="Codec">libjpeg, and upright RGB of what it gives, of a whole JPEG.</param>
/// <param name="Resizing">Resizing the whole picture.</param>
internal sealed record DecodingTime(
    string Name, double Kilobytes, double Full, double Scaled, double FullMegabytes, double ScaledMegabytes, double? Walk, double? Codec,
    double Resizing);
