using Swan.Batch;
using Swan.Cli.Commands;

namespace Swan.Cli.Tests.Commands;

public sealed class ShardVariableTests
{
    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID", "0", 0)]
    [InlineData("SLURM_ARRAY_TASK_ID", "399", 399)]
    [InlineData("JOB_COMPLETION_INDEX", "7", 7)]
    [InlineData("AZ_BATCH_TASK_ID", "shard-00007", 7)]
    [InlineData("AZ_BATCH_TASK_ID", "12", 12)]
    public void Each_scheduler_says_in_its_own_way_which_shard_it_is(string variable, string value, int shard) =>
        Assert.Equal(shard, ShardVariable.Read(name => name == variable ? value : null));

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID", "4294967294")] // what Slurm gives outside of arrays is no shard
    [InlineData("JOB_COMPLETION_INDEX", "x")]
    [InlineData("AZ_BATCH_TASK_ID", "shard-7-again")]
    public void A_variable_that_names_no_shard_is_refused(string variable, string value)
    {
        var refused = Assert.Throws<SwanBatchException>(() => ShardVariable.Read(name => name == variable ? value : null));
        Assert.Contains($"{variable} is '{value}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--shard", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_scheduler_there_is_no_shard(string? value) => Assert.Null(ShardVariable.Read(_ => value));
}
