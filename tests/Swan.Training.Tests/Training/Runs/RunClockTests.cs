namespace Swan.Training.Tests.Training.Runs;

public sealed class RunClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();

    [Fact]
    public void The_limit_counts_what_earlier_parts_of_the_run_took()
    {
        var clock = new RunClock(10, _time);
        clock.Start(TrainingPosition.Start with { Seconds = 4 });
        _time.Advance(5 * Second);
        Assert.Equal((9, 0.9, false), (clock.Seconds, clock.Share, clock.IsOver));
        _time.Advance(Second);
        Assert.True(clock.IsOver);
    }

    [Fact]
    public void Learning_counts_while_it_lasts_and_for_one_epoch()
    {
        var clock = new RunClock(double.PositiveInfinity, _time);
        clock.Start(TrainingPosition.Start with { LearnSeconds = 2 });
        using (clock.Learn())
        {
            _time.Advance(3 * Second);
            Assert.Equal(5, clock.LearnSeconds);
        }
        _time.Advance(Second);
        using (clock.Learn()) _time.Advance(2 * Second);
        Assert.Equal((7, 6), (clock.LearnSeconds, clock.Seconds));

        clock.NextEpoch();
        Assert.Equal(0, clock.LearnSeconds);
    }

    [Fact]
    public void What_is_left_is_by_the_epochs_speed_and_at_most_the_limit()
    {
        var clock = new RunClock(100, _time);
        clock.Start(TrainingPosition.Start);
        using (clock.Learn()) _time.Advance(4 * Second);
        int validated = clock.Validate(() =>
        {
            _time.Advance(6 * Second);
            return 1;
        });
        Assert.Equal((1, 6), (validated, clock.ValidationSeconds));
        Assert.Equal(TimeSpan.FromSeconds((2 * 10) + (3 * 6)), clock.Remaining(batches: 2, batchesLeft: 10, validationsLeft: 3));
        Assert.Equal(TimeSpan.FromSeconds(90), clock.Remaining(batches: 2, batchesLeft: 1000, validationsLeft: 3));
    }
}
