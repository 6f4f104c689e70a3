using Swan.Cli.Options;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Tests.Options;

public sealed class MissingValidationTests
{
    [Theory]
    [InlineData(0.1, false, true, "--max-recall-loss is given, but the run has no validation set in 'data'")]
    [InlineData(0.1, true, false, "--max-recall-loss is given, but the run has no validation set in 'data'")]
    [InlineData(0.1, true, true, "leave --max-recall-loss out.")]
    [InlineData(0.1, false, false, "leave --max-recall-loss out, and --data.")]
    [InlineData(null, false, true, "cosines of random images and captions decide: leave --data out.")]
    [InlineData(null, false, false, "nothing is measured: leave --data out.")]
    public void A_limit_or_data_that_would_be_ignored_is_refused(double? loss, bool others, bool compressed, string reason)
    {
        var fault = Assert.Throws<UsageException>(() => MissingValidation.Check("data", loss, others, compressed));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Data_for_the_vocabulary_alone_is_taken_and_said(bool compressed, bool cosines)
    {
        string said = MissingValidation.Check("data", loss: null, others: true, compressed);
        Assert.StartsWith("swan: the run has no validation set in 'data', so the model's loss of mR", said, StringComparison.Ordinal);
        Assert.Equal(cosines, said.Contains("cosines", StringComparison.Ordinal));
    }
}
