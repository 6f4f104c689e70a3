using CsCheck;
using Swan.Batch.Runs;

namespace Swan.Batch.Tests.Runs;

public sealed class RunPlanTests
{
    [Fact]
    public void Each_row_belongs_to_one_shard_and_no_shard_has_two_more_than_another() =>
        Gen.Select(Gen.Long[1, 100_000L * 99_999], Gen.Int[1, 99_999]).Sample((rows, shards) =>
        {
            RunPlan plan = Of(rows, (int)Math.Min(rows, shards));
            Assert.Equal((0, rows), (plan.FirstRow(0), plan.FirstRow(plan.Shards)));
            long least = plan.Rows / plan.Shards;
            Assert.All(Enumerable.Range(0, Math.Min(plan.Shards, 300)).Select(i => plan.Shards - 1 - i),
                shard => Assert.InRange(plan.RowsOf(shard), least, least + 1));
        });

    [Theory]
    [InlineData(10, 5, null, 2)]
    [InlineData(11, 5, null, 3)]
    [InlineData(3, 5, 8, 3)] // no shard without a row
    [InlineData(7, 5, 1, 1)]
    public async Task A_run_is_cut_as_it_is_asked_to(int images, int rowsPerShard, int? shards, int expected)
    {
        using var folder = new BatchFolder();
        using var source = new MadeSource();
        for (int i = 0; i < images; i++) source.Put($"{i}", "x");
        BatchPlan? plan = await folder.Job(o => (o.Source, o.RowsPerShard, o.Shards) = (source, rowsPerShard, shards))
            .PlanAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected, plan!.Shards);
    }

    private static RunPlan Of(long rows, int shards) => new()
    {
        Number = 1, Id = "000001-x", Base = 0, Planned = default, Shards = shards, Rows = rows, New = rows, Changed = 0, Again = 0,
        Unchanged = 0, Gone = 0, MaxBadShare = 1,
    };
}
