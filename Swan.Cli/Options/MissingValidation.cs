using Swan.Cli.Outcomes;

namespace Swan.Cli.Options;

/// <summary>An export that nothing measures, though <c>--data</c> is given, because the run has no validation set in it.</summary>
internal static class MissingValidation
{
    /// <summary>Refuses it, unless <c>--data</c> is for something else, too.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="loss">What <c>--max-recall-loss</c> says, if it is given.</param>
    /// <param name="others">Whether something else reads the data, such as <c>--max-vocabulary</c>.</param>
    /// <param name="compressed">Whether weights are compressed: then cosines decide.</param>
    /// <returns>What to say instead.</returns>
    /// <exception cref="UsageException">The limit would be ignored, or nothing would read the data.</exception>
    public static string Check(string data, double? loss, bool others, bool compressed)
    {
        string found = $"the run has no validation set in '{data}'";
        string instead = compressed ? "Without one, cosines of random images and captions decide" : "Without one, nothing is measured";
        if (loss is not null)
        {
            throw new UsageException(
                $"--max-recall-loss is given, but {found}, so mR can't be measured. {instead}: leave --max-recall-loss out"
                + $"{(others ? "" : ", and --data")}.");
        }
        if (!others)
        {
            throw new UsageException(
                $"--data is given, but {found}, and nothing else reads it, so mR can't be measured. {instead}: leave --data "
                + "out.");
        }
        return $"swan: {found}, so the model's loss of mR is not measured.{(compressed ? $" {instead}." : "")}";
    }
}
