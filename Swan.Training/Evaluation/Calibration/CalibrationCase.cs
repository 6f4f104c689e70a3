using Swan.MLNet.Calibration;

namespace Swan.Training.Evaluation;

/// <summary>One query asked of one gallery, with what is right.</summary>
/// <param name="Scene">The scene whose half the query belongs to.</param>
/// <param name="Images">Images in the gallery before right ones were taken out.</param>
/// <param name="BankLacks">Whether the bank was without the query's scenes: it stands for what no bank has an example of.</param>
/// <param name="Right">Whether the gallery has a right image.</param>
/// <param name="Levels">What the query gets from the bank.</param>
/// <param name="Features">Of <see cref="AnswerFeatures.Any"/>.</param>
/// <param name="Scores">The best hits' scores.</param>
/// <param name="Likeness">The same hits' likeness.</param>
/// <param name="RightHits">Which of them are right.</param>
internal sealed record CalibrationCase(
    string Scene, int Images, bool BankLacks, bool Right, QueryLevels Levels, double[] Features, float[] Scores, float[] Likeness,
    bool[] RightHits)
{
    /// <summary>Features of each hit.</summary>
    /// <param name="any">The probability that anything is right.</param>
    public IEnumerable<(double[] Features, bool Right)> Hits(double any) => Scores.Select((score, i) =>
        (AnswerFeatures.Hit(Levels, any, score, Likeness[i], Scores[0]), RightHits[i]));
}
