using Swan.MLNet.Datasets;

namespace Swan.Training.Evaluation;

/// <summary>What a calibration is checked with beside the data that it is fitted on.</summary>
/// <param name="Sets">Captioned images with scenes: each one's captions are asked of its own images.</param>
/// <param name="Queries">Queries whose right scenes are known; they are asked of the data's images.</param>
/// <param name="InVain">Texts that no image answers, by name; they are asked of the data's images.</param>
/// <param name="Say">Told how many of the data's images the model has learned, or that its file doesn't say.</param>
internal sealed record CalibrationChecks(
    IReadOnlyList<CaptionedImageSet> Sets, (string Name, IReadOnlyList<SceneQuery> Queries)? Queries,
    IReadOnlyList<(string Name, IReadOnlyList<string> Texts)> InVain,
    Action<string> Say);
