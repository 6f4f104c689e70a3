namespace Swan.Benchmarks.Commands;

/// <summary>What embeddings of images in one form find, and how near they are to others of the same images.</summary>
/// <param name="Name">The form.</param>
/// <param name="Eighths">The scale that they are decoded in; 0 where they are not enlarged.</param>
/// <param name="MeanRecall">mR, in percent.</param>
/// <param name="MeanToFull">Mean cosine to those that are decoded in full; null for these.</param>
/// <param name="LeastToFull">The least of them.</param>
/// <param name="MeanToAsIs">Mean cosine to those that are not enlarged.</param>
/// <param name="MeanLevels">Mean difference of the encoder's input, in levels of 255.</param>
/// <param name="MostLevels">The largest.</param>
internal sealed record ScaledEmbeddings(
    string Name, int Eighths, double MeanRecall, double? MeanToFull, double? LeastToFull, double MeanToAsIs, double? MeanLevels,
    int? MostLevels);
