using Swan.MLNet.Calibration;
using Swan.Training.Evaluation;

namespace Swan.Training.Tests.Evaluation;

public sealed class LogisticFitTests
{
    [Fact]
    public void The_weights_that_made_the_data_are_found()
    {
        var random = new Random(1);
        LogisticModel truth = new(-0.5, [2, -1, 0]);
        var rows = new List<(double[], bool, double)>();
        for (int i = 0; i < 20_000; i++)
        {
            double[] features = [random.NextDouble() * 4 - 2, random.NextDouble() * 100 / 50 - 1, random.NextDouble()];
            rows.Add((features, random.NextDouble() < truth.Probability(features), 1));
        }
        LogisticModel found = LogisticFit.Fit(rows, TestContext.Current.CancellationToken);
        Assert.Equal(-0.5, found.Bias, tolerance: 0.15);
        Assert.Equal(2, found.Weights[0], tolerance: 0.15);
        Assert.Equal(-1, found.Weights[1], tolerance: 0.15);
        Assert.Equal(0, found.Weights[2], tolerance: 0.2);
    }

    [Fact]
    public void A_row_of_weight_two_counts_as_two_rows()
    {
        (double[], bool, double)[] twice = [([0], false, 1), ([1], true, 1), ([1], true, 1), ([1], false, 1), ([0], true, 1)],
            once = [([0], false, 1), ([1], true, 2), ([1], false, 1), ([0], true, 1)];
        Assert.Equal(Fit(twice).Weights[0], Fit(once).Weights[0], tolerance: 1e-9);
        Assert.Equal(Fit(twice).Bias, Fit(once).Bias, tolerance: 1e-9);
    }

    [Fact]
    public void A_constant_feature_and_separable_data_give_finite_weights()
    {
        LogisticModel found = Fit([([5, 0], false, 1), ([5, 1], true, 1)]);
        Assert.Equal(0, found.Weights[0]);
        Assert.True(double.IsFinite(found.Bias) && found.Weights[1] is > 0 and < 1e6);
    }

    private static LogisticModel Fit((double[], bool, double)[] rows) => LogisticFit.Fit(rows, TestContext.Current.CancellationToken);
}
