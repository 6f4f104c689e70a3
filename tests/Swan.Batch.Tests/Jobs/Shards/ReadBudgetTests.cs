using Swan.Batch.Jobs;

namespace Swan.Batch.Tests.Jobs;

public sealed class ReadBudgetTests
{
    [Fact]
    public async Task Room_is_given_in_order_and_the_one_that_is_waited_for_always_gets_some()
    {
        var budget = new ReadBudget(100);
        await budget.TakeAsync(0, 60, default);
        Task second = budget.TakeAsync(1, 60, default), third = budget.TakeAsync(2, 10, default);
        Assert.False(second.IsCompleted || third.IsCompleted); // there is room for the third, but not before the second
        budget.Await(1);
        await second;
        Assert.False(third.IsCompleted);
        budget.Return(60);
        await third;
        // One may always be, however large.
        budget.Return(60);
        budget.Return(10);
        await budget.TakeAsync(3, 1000, default);
    }

    [Fact]
    public async Task Whoever_no_longer_waits_holds_nobody_up()
    {
        var budget = new ReadBudget(100);
        await budget.TakeAsync(0, 60, default);
        using var stop = new CancellationTokenSource();
        Task leaves = budget.TakeAsync(1, 60, stop.Token), stays = budget.TakeAsync(2, 90, default);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.False(stays.IsCompleted);
        budget.Return(60);
        await stays;
    }
}
