namespace Swan.Training.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(18, 1)]
    [InlineData(19, 0.7)]
    [InlineData(38, 0.7)]
    [InlineData(39, 0.49)]
    [InlineData(58, 0.49)]
    [InlineData(59, 0.343)]
    public void The_papers_rate_falls_before_epochs_19_39_and_so_on(int epoch, double factor)
    {
        var schedule = new LearningRateSchedule(ScheduleKind.Paper, 60);
        Assert.Equal(factor, schedule.Factor(epoch, 0, 10), tolerance: 1e-12);
        Assert.Equal(factor, schedule.Factor(epoch, 9, 10), tolerance: 1e-12);
    }

    [Fact]
    public void A_cosine_falls_from_one_to_almost_zero()
    {
        var schedule = new LearningRateSchedule(ScheduleKind.Cosine, 4);
        Assert.Equal(1, schedule.Factor(0, 0, 10));
        Assert.Equal(0.5, schedule.Factor(2, 0, 10), tolerance: 1e-12);
        Assert.InRange(schedule.Factor(3, 9, 10), 1e-6, 0.01);
        double[] all = [.. Enumerable.Range(0, 40).Select(s => schedule.Factor(s / 10, s % 10, 10))];
        Assert.Equal(all.OrderDescending(), all);
    }

    [Fact]
    public void A_cosine_follows_the_time_where_that_is_further()
    {
        var schedule = new LearningRateSchedule(ScheduleKind.Cosine, 4);
        Assert.Equal(0.5, schedule.Factor(0, 0, 10, timeShare: 0.5), tolerance: 1e-12);
        Assert.Equal(0.5, schedule.Factor(2, 0, 10, timeShare: 0.1), tolerance: 1e-12);
        Assert.Equal(0, schedule.Factor(2, 0, 10, timeShare: 1.5), tolerance: 1e-12);
    }

    [Theory]
    [InlineData(ScheduleKind.Constant)]
    [InlineData(ScheduleKind.Cosine)]
    [InlineData(ScheduleKind.Paper)]
    public void A_warm_up_rises_linearly_to_the_full_rate(ScheduleKind kind)
    {
        var schedule = new LearningRateSchedule(kind, 10, warmUpEpochs: 1.5);
        Assert.Equal(1 / 6.0, schedule.Factor(0, 0, 4), tolerance: 1e-12);
        Assert.Equal(4 / 6.0, schedule.Factor(0, 3, 4), tolerance: 1e-12);
        Assert.Equal(1, schedule.Factor(1, 1, 4), tolerance: 1e-12);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateSchedule(ScheduleKind.Paper, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateSchedule(ScheduleKind.Paper, 1, -1));
    }
}
