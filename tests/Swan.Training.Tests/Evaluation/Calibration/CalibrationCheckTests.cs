using Swan.MLNet.Calibration;
using Swan.Training.Evaluation;

namespace Swan.Training.Tests.Evaluation;

public sealed class CalibrationCheckTests
{
    private static readonly LogisticModel s_even = new(0, new double[AnswerFeatures.OfAny]);

    // What is fitted on the first half answers everything, the other one nothing.
    private static readonly CalibrationCheck s_check = new(
        new HashSet<string> { "planes" }, new CalibrationFit(s_even, s_even, 0.1), new HashSet<string> { "bridge" },
        new CalibrationFit(s_even, s_even, 0.9));

    [Theory]
    [InlineData("planes", 0.0)]
    [InlineData("bridge", 1.0)]
    [InlineData("harbor", 0.5)]
    public void The_fit_that_does_not_know_a_scene_judges_it(string scene, double answered)
    {
        SwanCalibrationRow row = Assert.Single(s_check.Rows("x", [Case(scene, right: false), Case(scene, right: true)], 0));
        Assert.Equal((answered, 1 - answered), (row.AnsweredWithoutRight, row.NothingWithRight));
    }

    [Fact]
    public void Both_fits_judge_what_nothing_answers() =>
        Assert.Equal(0.5, s_check.InVain("x", [new double[AnswerFeatures.OfAny]], 10, 0).AnsweredWithoutRight);

    private static CalibrationCase Case(string scene, bool right) =>
        new(scene, 10, BankLacks: false, right, null!, new double[AnswerFeatures.OfAny], [1], [1], [right]);
}
